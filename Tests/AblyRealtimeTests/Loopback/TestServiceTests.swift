internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("A service in a test, and those who are connected to it", .endsAtLast)
struct TestServiceTests {
  private func connected(
    _ options: ClientOptions, _ body: (RealtimeClient) async throws -> Void
  ) async throws {
    try await withRealtimeClient(options) { client in
      try await client.connection.whenState(.connected)
      try await body(client)
    }
  }

  @Test(
    "RTN15h, RTN22a: a token that is ended ends the connection that lives by it, and every request with it",
    arguments: [true, false])
  func ended(byExpiry: Bool) async throws {
    try await withAblyService(listening: true) { service in
      let code: ErrorInfo.Code = byExpiry ? .tokenExpired : .tokenRevoked
      var options = service.options
      options.useTokenAuth = true
      try await connected(options) { client in
        let first = try #require(client.auth.tokenDetails)
        let events = client.connection.events
        if byExpiry { service.expire(first) } else { service.revoke(first) }
        for await change in events {
          if change.current == .disconnected { #expect(change.reason?.code == code) }
          if change.current == .connected { break }
        }
        #expect(client.auth.tokenDetails?.token != first.token)
        let bare = try service.client(service.options(with: first))
        let error = await #expect(throws: ErrorInfo.self) { try await bare.channel("x").history() }
        #expect(error?.code == code || error?.cause?.code == code)
      }
    }
  }

  @Test("RTN22: the service asks those who are connected for another token when it is told to")
  func reauthenticate() async throws {
    try await withAblyService(listening: true) { service in
      var options = service.options
      options.useTokenAuth = true
      try await connected(options) { client in
        let (id, first) = (client.connection.id, try #require(client.auth.tokenDetails))
        let events = client.connection.events
        service.reauthenticate()
        for await change in events where change.event == .update { break }
        #expect(client.auth.tokenDetails?.token != first.token)
        #expect(client.connection.id == id)
      }
    }
  }

  @Test("a socket that is cut is opened again, and an answer that is dropped is none")
  func faults() async throws {
    try await withAblyService(listening: true) { service in
      try await connected(service.options) { client in
        let events = client.connection.events
        service.carryOut(.refuse)
        var isOpenedAgain = false
        for await change in events where change.current == .connected {
          isOpenedAgain = true
          break
        }
        #expect(isOpenedAgain)
      }
      service.add(faults: FaultRule(.request(path: "/messages", count: 1), .drop))
      let client = try service.client()
      let error = await #expect(throws: ErrorInfo.self) { try await client.channel("x").history() }
      #expect(error?.code == .connectionFailed)
      _ = try await client.channel("x").history()
    }
  }
}
