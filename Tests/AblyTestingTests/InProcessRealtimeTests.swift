internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Realtime clients in the process of the service")
struct InProcessRealtimeTests {
  /// The first change of such a kind; `nil` when there are no more.
  private func first(
    _ changes: StateChanges<ConnectionStateChange>, where isIt: (ConnectionStateChange) -> Bool
  ) async -> ConnectionStateChange? {
    for await change in changes where isIt(change) { return change }
    return nil
  }

  @Test(
    "RTL6, RTL7, RTP8: messages and members reach another client, in both formats", arguments: [true, false])
  func exchange(isBinary: Bool) async throws {
    try await withAblyService { service in
      var options = service.options
      options.useBinaryProtocol = isBinary
      options.clientId = "ada"
      try await service.withRealtimeClient(options) { ada in
        try await service.withRealtimeClient { reader in
          let channel = reader.channels["chat"]
          let (messages, members) = (channel.subscribe(), channel.presence.subscribe())
          try await channel.attach()
          try await ada.channels["chat"].publish(name: "bytes", data: .binary([0, 255]))
          try await ada.channels["chat"].presence.enter("here")
          for try await message in messages.prefix(1) {
            #expect(message.data == .binary([0, 255]) && message.clientId == "ada")
          }
          for try await member in members.prefix(1) { #expect(member.clientId == "ada") }
          #expect(try await channel.history().items.count == 1)
        }
      }
    }
  }

  @Test("RTN22: time that a test lets pass brings another token, in place")
  func renewal() async throws {
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      var options = service.options
      options.useTokenAuth = true
      options.defaultTokenParams = TokenParams(ttl: .seconds(60))
      try await service.withRealtimeClient(options) { client in
        try await client.connection.whenState(.connected)
        let (old, id) = (client.auth.tokenDetails?.token, client.connection.id)
        let changes = client.connection.events
        clock.advance(by: .seconds(31))
        #expect(await first(changes) { $0.event == .update } != nil)
        #expect(client.auth.tokenDetails?.token != old && client.connection.id == id)
      }
    }
  }

  @Test(
    "RSA4a2: a token that nothing renews ends its connection, by either clock or by command",
    arguments: ["manual clock", "skew", "expire", "revoke"])
  func end(how: String) async throws {
    let clock = how == "manual clock" ? ManualClock() : nil
    try await withAblyService(clock: clock) { service in
      let token = try await service.token(TokenParams(ttl: .seconds(60)))
      try await service.withRealtimeClient(service.options(with: token)) { client in
        try await client.connection.whenState(.connected)
        switch how {
        case "skew": service.skewClock(by: .seconds(61))
        case "expire": service.expire(token)
        case "revoke": service.revoke(token)
        default: clock?.advance(by: .seconds(61))
        }
        try await client.connection.whenState(.failed)
        #expect(client.connection.errorReason?.code == .noMeansToRenew)
        #expect(client.connection.errorReason?.cause?.isTokenError == true)
      }
    }
  }

  @Test("RTN15a: a socket that ends without a word is made anew, and what was missed arrives")
  func resume() async throws {
    try await withAblyService { service in
      try await service.withRealtimeClient { client in
        let channel = client.channels["chat"]
        let messages = channel.subscribe()
        try await channel.attach()
        let changes = client.connection.events
        service.carryOut(.refuse)
        try await service.client().channel("chat").publish(name: "missed", data: nil)
        #expect(await first(changes) { $0.event == .state(.connected) } != nil)
        for try await message in messages.prefix(1) { #expect(message.name == "missed") }
      }
    }
  }

  @Test("a frame that is larger than the client takes ends the socket")
  func tooLarge() async throws {
    try await withAblyService { service in
      let (events, news) = AsyncStream.makeStream(of: RealtimeSocketEvent.self)
      let token = try await service.token()
      let request = RealtimeRequest(
        isSecure: true, host: "any", port: 443, authority: "any",
        target: "/?v=6&format=json&accessToken=\(token.token)", maximumFrameSize: 10)
      let socket = service.realtimeTransport.open(request) { news.yield($0) }
      for await event in events.prefix(1) {
        guard case .ended(.failed(let failure)) = event else {
          Issue.record("\(event)")
          return
        }
        #expect(failure.reason == .tooLarge)
      }
      socket.close()
    }
  }

  @Test("once the service is over nothing listens, and its sockets have ended")
  func over() async throws {
    let (events, news) = AsyncStream.makeStream(of: RealtimeSocketEvent.self)
    func request(_ token: String) -> RealtimeRequest {
      RealtimeRequest(
        isSecure: true, host: "any", port: 443, authority: "any",
        target: "/?v=6&format=json&accessToken=\(token)")
    }
    let transport = try await withAblyService { service in
      let token = try await service.token()
      _ = service.realtimeTransport.open(request(token.token)) { news.yield($0) }
      for await event in events.prefix(1) {
        guard case .frame = event else {
          Issue.record("\(event)")
          break
        }
      }
      return service.realtimeTransport
    }
    _ = transport.open(request("none")) { news.yield($0) }
    news.finish()
    var ends: [RealtimeSocketEnd] = []
    for await case .ended(let end) in events { ends.append(end) }
    #expect(ends.count == 2 && ends.first == .closed(code: nil))
    guard case .failed(let failure) = ends.last else {
      Issue.record("\(ends)")
      return
    }
    #expect(failure.reason == .refused)
  }
}
