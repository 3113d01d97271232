internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ChannelStatusTests {
  @Test("RSL8a, CHD2, CHS2, CHO2, CHM2: a channel's status")
  func status() async throws {
    let desk = try Desk()
    let response = await desk.send("GET", "/channels/chat:lobby", headers: basic(desk.root))
    #expect(response.status == 200)
    #expect(response.body["channelId"] == "chat:lobby")
    #expect(response.body["status"]?["isActive"] == true)
    let metrics = try #require(response.body["status"]?["occupancy"]?["metrics"]?.object)
    #expect(
      Set(metrics.keys) == [
        "connections", "presenceConnections", "presenceMembers", "presenceSubscribers", "publishers",
        "subscribers", "objectPublishers", "objectSubscribers",
      ])
    #expect(metrics.values.allSatisfy { $0 == 0 })
  }

  @Test("it takes channel-metadata")
  func capability() async throws {
    let desk = try Desk()
    for (operation, status) in [(Capability.Operation.channelMetadata, 200), (.history, 401)] {
      let token = try await desk.token(of: desk.root, TokenParams(capability: ["x": [operation]])).token
      #expect(await desk.send("GET", "/channels/x", headers: bearer(token)).status == status)
    }
  }
}
