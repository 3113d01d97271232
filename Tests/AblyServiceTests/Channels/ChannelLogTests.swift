internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ChannelLogTests {
  private func message(_ index: Int, data: String = "") throws -> StoredMessage {
    let draft = try MessageDraft(["data": .string(data)])
    return StoredMessage(draft, MessageIdentity(id: String(index)), serial: String(index), timestamp: 0)
  }

  @Test("a channel keeps its latest 10 000 messages, and forgets the ids of those that went")
  func count() throws {
    var log = ChannelLog()
    for index in 0..<25_000 { log.append(try message(index)) }
    #expect(log.messages.count == ChannelLog.maximumCount)
    #expect(log.messages.first?.id == "15000")
    #expect(log.messages.last?.id == "24999")
    #expect(log.serial(of: MessageIdentity(id: "14999")) == nil)
    #expect(log.serial(of: MessageIdentity(id: "15000")) == "15000")
  }

  @Test("a channel keeps 16 MiB of messages")
  func weight() throws {
    var log = ChannelLog()
    let data = String(repeating: "x", count: 65_536)
    for index in 0..<1000 { log.append(try message(index, data: data)) }
    #expect(log.messages.reduce(0) { $0 + $1.weight } <= ChannelLog.maximumWeight)
    #expect(log.messages.count > 200)
    #expect(log.messages.last?.id == "999")
  }

  @Test("serials grow with every publish, through equal times, full milliseconds and a clock that goes back")
  func serials() {
    var source = SerialSource(node: "node")
    var previous = ""
    var time: Int64 = 0
    for step: Int64 in 0..<5000 {
      let publication = source.next(at: step < 3000 ? 1_700_000_000_000 : 1_700_000_000_000 - step)
      #expect(publication.timestamp >= time)
      time = publication.timestamp
      for index in [0, 1, 999] {
        let serial = publication.serial(at: index)
        #expect(serial > previous)
        previous = serial
      }
    }
  }
}
