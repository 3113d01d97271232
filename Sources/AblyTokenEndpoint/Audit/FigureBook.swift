internal import AblyTokens
package import CoreMetrics
internal import Synchronization

/// Keeps figures and writes them as Prometheus reads them.
package final class FigureBook: MetricsFactory {
  private struct Page {
    var counters: [String: Figure] = [:]
    var summaries: [String: Summary] = [:]
  }

  private let page = Locked(Page())

  package init() {}

  /// All figures as text.
  package var text: String {
    let (counters, summaries) = page.withLock { ($0.counters, $0.summaries) }
    var text = MetricsText()
    var named: Set<Substring> = []
    for (series, figure) in counters.sorted(by: { $0.key < $1.key }) {
      let name = series.prefix { $0 != "{" }
      if named.insert(name).inserted { text.family(name, .counter) }
      text.sample(series, figure.value)
    }
    for (name, summary) in summaries.sorted(by: { $0.key < $1.key }) {
      let (count, sum) = summary.values
      text.family(name, .summary)
      text.sample("\(name)_count", count)
      text.sample("\(name)_sum", sum)
    }
    return text.text
  }

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    page.withLock { page in
      let series = MetricsText.series(label, dimensions)
      let figure = page.counters[series] ?? Figure()
      page.counters[series] = figure
      return figure
    }
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler { summary(label) }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { summary(label) }

  private func summary(_ label: String) -> Summary {
    page.withLock { page in
      let summary = page.summaries[label] ?? Summary()
      page.summaries[label] = summary
      return summary
    }
  }

  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}

  final class Figure: CounterHandler {
    private let count = Atomic<Int64>(0)
    var value: Int64 { count.load(ordering: .relaxed) }
    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
  }

  final class Summary: RecorderHandler, TimerHandler {
    private let figures = Locked((count: Int64(0), sum: 0.0))
    var values: (Int64, Double) { figures.withLock { $0 } }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { figures.withLock { $0 = ($0.count + 1, $0.sum + value) } }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  }
}
