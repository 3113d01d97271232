internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens
internal import TestSupport
internal import Testing

@Suite("Over sockets: the life of a connection", .endsAtLast)
struct LifecycleTests {
  @Test("RTN4b, RTN21, RTN4c, RTN12a: it is made, and closed, through the states between")
  func opensAndCloses() async throws {
    try await LoopbackDesk.open { desk in
      try await withRealtimeClient(desk.options { $0.autoConnect = false }) { client in
        #expect(client.connection.state == .initialized)
        let events = client.connection.events
        client.connect()
        try await client.connection.whenState(.connected)
        #expect(client.connection.id?.isEmpty == false)
        #expect(client.connection.key?.isEmpty == false)
        #expect(client.connection.errorReason == nil)
        client.connection.close()
        try await client.connection.whenState(.closed)
        #expect(client.connection.errorReason == nil)
        #expect(client.connection.id == nil)
        #expect(client.connection.key == nil)
        var states: [ConnectionState] = []
        for await change in events.prefix(4) { states.append(change.current) }
        #expect(states == [.connecting, .connected, .closing, .closed])
      }
    }
  }

  @Test("RTN11, RTN4b: a connection that was closed is made again, and is another one")
  func again() async throws {
    try await LoopbackDesk.open { desk in
      try await withRealtimeClient(desk.options { $0.autoConnect = false }) { client in
        var ids: Set<String?> = []
        for _ in 0..<3 {
          client.connect()
          try await client.connection.whenState(.connected)
          ids.insert(client.connection.id)
          #expect(client.connection.errorReason == nil)
          client.close()
          try await client.connection.whenState(.closed)
        }
        #expect(ids.count == 3 && !ids.contains(nil))
      }
    }
  }

  @Test(
    "RTN14a, RTN14g: a key that the service does not know is FAILED, and no token error",
    arguments: ["invalid.key:secret", "appId.nobody:secret", "appId.keyId:anotherSecret"])
  func unknownKey(key: String) async throws {
    try await LoopbackDesk.open { desk in
      let options = try desk.options(key: key) { $0.useBinaryProtocol = false }
      try await withRealtimeClient(options) { client in
        try await client.connection.whenState(.failed)
        let reason = try #require(client.connection.errorReason)
        #expect([401, 404].contains(reason.statusCode))
        #expect(!(40140..<40150).contains(reason.code.rawValue))
        #expect(client.connection.id == nil)
      }
    }
  }
}
