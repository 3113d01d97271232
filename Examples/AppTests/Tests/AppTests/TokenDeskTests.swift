import AblyAuth
import AblyTesting
import AblyTokens
import App
import Testing

@Suite struct TokenDeskTests {
  /// A client as the app's users have it: all it knows is the desk.
  private func client(of user: String, isModerator: Bool = false, _ service: AblyTestService) throws
    -> RESTClient
  {
    let desk = TokenDesk(key: service.key)
    let options = ClientOptions { _ in
      .tokenRequest(try desk.tokenRequest(for: user, isModerator: isModerator))
    }
    return try service.client(service.options(options))
  }

  @Test func whatAUserWritesCarriesTheirName() async throws {
    try await withAblyService { service in
      let channel = try client(of: "bob", service).channel("chat:lobby")
      try await channel.publish(name: "greeting", data: "hello")
      let newest = try await channel.history().items.first
      #expect(newest?.clientId == "bob")
    }
  }

  @Test func onlyModeratorsWriteToAdmin() async throws {
    try await withAblyService { service in
      let moderator = try client(of: "ann", isModerator: true, service)
      try await moderator.channel("admin:audit").publish(name: "note", data: "seen")
      let user = try client(of: "bob", service)
      let error = await #expect(throws: ErrorInfo.self) {
        try await user.channel("admin:audit").publish(name: "note", data: "seen")
      }
      #expect(error?.code == .capabilityDenied)
    }
  }

  @Test func anExpiredTokenIsRenewedWithoutTheUserNoticing() async throws {
    try await withAblyService { service in
      let client = try client(of: "bob", service)
      let first = try await client.auth.authorize()
      service.expire(first)
      try await client.channel("chat:lobby").publish(name: "greeting", data: "hello")
      #expect(client.auth.tokenDetails?.token != first.token)
    }
  }
}
