internal import Testing

@testable internal import AblyService

@Suite("A log in memory")
struct MemoryLogStateTests {
  private func publish(_ mark: String, _ log: inout MemoryLogState) -> LogPosition? {
    var entry = LogEntry(.message)
    entry.room = "room"
    entry.marks = [mark]
    return log.append([entry], by: "node", at: 0).first?.position
  }

  @Test("it knows a message that comes again as long as it keeps it, and no longer")
  func marks() {
    var log = MemoryLogState(maximumEvents: 10)
    let first = publish("0", &log)
    for number in 1..<20 { _ = publish("\(number)", &log) }
    let again = publish("0", &log)
    #expect(again == first)
    _ = publish("20", &log)
    #expect(log.events.count == 11)
    let (kept, forgotten) = (publish("10", &log), publish("0", &log))
    #expect(kept == LogPosition(sequence: 11, time: 0))
    #expect(forgotten == LogPosition(sequence: 22, time: 0))
  }
}
