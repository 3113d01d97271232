internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("History")
struct HistoryTests {
  @Test("RSL2a, RSL6a: a page of decoded messages, asked for with credentials")
  func page() async throws {
    let transport = StubTransport(
      .json([
        ["id": "msg1", "name": "event1", "data": "data1", "timestamp": 1000],
        ["id": "msg2", "data": "eyJrIjoidiJ9", "encoding": "json/base64", "clientId": "bob"],
        ["id": "msg3", "data": "AAE=", "encoding": "custom/base64"],
      ]))
    let log = LogCapture()
    let client = try RESTClient.stubbed(transport) { $0.logger = log.logger }
    let page = try await client.channel("c").history()
    #expect(page.items.map(\.id) == ["msg1", "msg2", "msg3"])
    #expect(page.items[0].data == "data1")
    #expect(page.items[0].timestamp == Date(timeIntervalSince1970: 1))
    #expect(page.items[1].data == ["k": "v"])
    #expect(page.items[1].encoding == nil)
    #expect(page.items[1].clientId == "bob")
    #expect(page.items[2].data == .binary([0, 1]))
    #expect(page.items[2].encoding == "custom", "RSL6b")
    #expect(log.lines.count { $0.hasPrefix("error") && $0.contains("40013") } == 1, "one step is unknown")
    #expect(transport.sent.map(\.line) == ["GET /channels/c/messages"])
    #expect(transport.sent[0]["Authorization"] == Sample.basic)
  }

  @Test("RSL6b: a message that cannot be decoded is delivered, and logged as an error")
  func undecodable() async throws {
    let log = LogCapture()
    let transport = StubTransport(.json([["data": "!", "encoding": "base64"]]))
    let client = try RESTClient.stubbed(transport) { $0.logger = log.logger }
    #expect(try await client.channel("c").history().items[0].data == "!")
    #expect(log.lines.contains { $0.hasPrefix("error") && $0.contains("40013") })
  }

  @Test("RSL6b, RSP5: what cannot be decoded of a page is one line of the log, whatever there is of it")
  func manyUndecodable() async throws {
    let log = LogCapture()
    let message: JSONValue = ["clientId": "bob", "action": 1, "data": "!", "encoding": "base64"]
    let transport = StubTransport(.json([message, message, ["data": "d"], message]))
    let client = try RESTClient.stubbed(transport) { $0.logger = log.logger }
    #expect(try await client.channel("c").history().items.map(\.data) == ["!", "!", "d", "!"])
    func errors() -> [String] { log.lines.filter { $0.hasPrefix("error") } }
    #expect(errors().count == 1)
    #expect(errors().first?.contains(", and that of 2 more of its page") == true)
    #expect(try await client.channel("c").presence.history().items.count == 4)
    #expect(errors().count == 2)
  }

  @Test("RSL2b1, RSL2b2, RSL2b3: the parameters go into the query; what is absent is left to the service")
  func parameters() async throws {
    let transport = StubTransport(.json([]))
    let channel = try RESTClient.stubbed(transport).channel("c")
    let start = Date(timeIntervalSince1970: 1_234_567_890.001)
    _ = try await channel.history(start: start, end: start + 1, direction: .forwards, limit: 1000)
    _ = try await channel.history(direction: .backwards, limit: 1)
    _ = try await channel.history(start: start, end: start)
    _ = try await channel.history()
    #expect(
      transport.sent.map(\.query) == [
        ["start=1234567890001", "end=1234567891001", "direction=forwards", "limit=1000"],
        ["direction=backwards", "limit=1"], ["start=1234567890001", "end=1234567890001"], [],
      ])
  }

  @Test("RSL2b1, RSL2b3: impossible parameters are refused here", arguments: [0, -1, 1001])
  func impossible(limit: Int) async throws {
    let transport = StubTransport(.json([]))
    let channel = try RESTClient.stubbed(transport).channel("c")
    let error = await #expect(throws: ErrorInfo.self) { try await channel.history(limit: limit) }
    #expect(error?.code == .invalidParameterValue)
    let order = await #expect(throws: ErrorInfo.self) {
      try await channel.history(start: Sample.now, end: Sample.now - 1)
    }
    #expect(order?.code == .invalidParameterValue)
    #expect(transport.sent.isEmpty)
  }
}
