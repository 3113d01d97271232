internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Status and presence of a channel")
struct StatusTests {
  @Test(
    "RSL8, RSL8a, CHD1, CHD2a, CHD2b, CHS1, CHS2a, CHS2b, CHO2a, CHM1, CHM2a, CHM2b, CHM2c, CHM2d, CHM2e, CHM2f, CHM2g, CHM2h: status"
  )
  func status() async throws {
    let transport = StubTransport(
      .json([
        "channelId": "a b",
        "status": [
          "isActive": true,
          "occupancy": [
            "metrics": [
              "connections": 1, "presenceConnections": 2, "presenceMembers": 3, "presenceSubscribers": 4,
              "publishers": 5, "subscribers": 6, "objectPublishers": 7, "objectSubscribers": 8,
            ]
          ],
        ],
      ]))
    let details = try await RESTClient.stubbed(transport).channel("a b").status()
    #expect(transport.sent[0].line == "GET /channels/a%20b")
    #expect(details.channelId == "a b")
    #expect(details.status.isActive)
    let metrics = try #require(details.status.occupancy)
    #expect(
      [
        metrics.connections, metrics.presenceConnections, metrics.presenceMembers,
        metrics.presenceSubscribers,
        metrics.publishers, metrics.subscribers, metrics.objectPublishers, metrics.objectSubscribers,
      ] == Array(1...8))
  }

  @Test(
    "RSL8: what is not about a channel is an error", arguments: [JSONValue.null, [], [:], ["channelId": 5]])
  func unreadable(answer: JSONValue) async throws {
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(StubTransport(.json(answer))).channel("c").status()
    }
    #expect(error?.code == .invalidDataOrEncoding)
  }

  @Test("RSP1, RSP2, RSP3, RSP3a, RSP3a1, RSP3a2, RSP3a3, RSP5: who is present")
  func presence() async throws {
    let transport = StubTransport(
      .json([["clientId": "bob", "connectionId": "c1", "action": 1, "data": "aGk=", "encoding": "base64"]]))
    let page = try await RESTClient.stubbed(transport).channel("c").presence.get(
      limit: 5, clientId: "bob", connectionId: "c1")
    #expect(transport.sent[0].line == "GET /channels/c/presence?limit=5&clientId=bob&connectionId=c1")
    #expect(page.items.map(\.memberKey) == ["c1:bob"])
    #expect(page.items[0].action == .present)
    #expect(page.items[0].data == .binary([0x68, 0x69]))
  }

  @Test("RSP4, RSP4a, RSP4b1, RSP4b2, RSP4b3: who was")
  func presenceHistory() async throws {
    let transport = StubTransport(.json([]))
    let presence = try RESTClient.stubbed(transport).channel("c").presence
    _ = try await presence.history(
      start: Date(timeIntervalSince1970: 1), end: Date(timeIntervalSince1970: 2), direction: .forwards,
      limit: 3)
    #expect(
      transport.sent[0].line
        == "GET /channels/c/presence/history?start=1000&end=2000&direction=forwards&limit=3")
    for (start, end, limit) in [(2.0, 1.0, 5), (1, 2, 0), (1, 2, 1001)] {
      let error = await #expect(throws: ErrorInfo.self) {
        try await presence.history(
          start: Date(timeIntervalSince1970: start), end: Date(timeIntervalSince1970: end), limit: limit)
      }
      #expect(error?.code == .invalidParameterValue)
    }
    #expect(transport.sent.count == 1)
  }
}
