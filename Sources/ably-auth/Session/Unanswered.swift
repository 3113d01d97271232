internal import AblyTokens
internal import Synchronization

/// Which lines have no answer yet.
final class Unanswered: Sendable {
  private struct State {
    var lines: [Int: String] = [:]
    var count = 0
    var hasGivenUp = false
  }

  private let state = Locked(State())
  private let answers: AsyncStream<Void>
  private let answered: AsyncStream<Void>.Continuation

  init() { (answers, answered) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// A line is about to be answered. Gives its number.
  func begin(_ line: String) -> Int {
    state.withLock { state in
      state.count += 1
      state.lines[state.count] = line
      return state.count
    }
  }

  /// A line was answered. One that was given up stays among those that were not.
  func end(_ number: Int) {
    state.withLock { if !$0.hasGivenUp { $0.lines[number] = nil } }
    answered.yield()
  }

  /// The lines, in their order.
  var lines: [String] { state.withLock { $0.lines.sorted { $0.key < $1.key }.map(\.value) } }

  /// Lines in a sentence: the first few of them.
  static func listed(_ lines: [String]) -> String {
    let more = lines.count - 8
    return lines.prefix(8).joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
  }

  private var areThere: Bool { state.withLock { !$0.lines.isEmpty } }

  /// Whether nobody waits for them any more.
  var hasGivenUp: Bool { state.withLock(\.hasGivenUp) }

  /// Nobody waits for them any more.
  func giveUp() { state.withLock { $0.hasGivenUp = true } }

  /// Returns when all are answered, or so much time is over. For one caller, once.
  ///
  /// - Parameters:
  ///   - patience: how long nothing is said.
  ///   - complain: is called where it takes longer.
  func waitUntilNone(
    atMost timeout: Duration, patience: Duration, _ complain: @escaping @Sendable ([String]) -> Void
  ) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        var answers = self.answers.makeAsyncIterator()
        while self.areThere, await answers.next() != nil {}
      }
      group.addTask {
        do {
          try await Task.sleep(for: min(patience, timeout))
          guard patience < timeout else { return }
          complain(self.lines)
          try await Task.sleep(for: timeout - patience)
        } catch {}
      }
      await group.next()
      group.cancelAll()
    }
  }
}
