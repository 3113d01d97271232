internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Over sockets: authentication on a live connection", .endsAtLast)
struct LoopbackAuthTests {
  private static func options(_ token: TokenDetails) -> AuthOptions {
    var options = AuthOptions()
    options.tokenDetails = token
    return options
  }

  @Test(
    "RSA8, RTN2e, RTL6g1: token and key connect, in both formats; each sees the other's client id",
    arguments: [true, false])
  func exchange(binary: Bool) async throws {
    try await LoopbackDesk.open { desk in
      let ada = try desk.tokenOptions {
        $0.clientId = "ada"
        $0.useBinaryProtocol = binary
      }
      let bob = try desk.options {
        $0.clientId = "bob"
        $0.useBinaryProtocol = !binary
      }
      try await desk.connected(ada) { ada in
        try await desk.connected(bob) { bob in
          let (forAda, forBob) = (
            ada.channels["room"].subscribe("bob"), bob.channels["room"].subscribe("ada")
          )
          try await ada.channels["room"].attach()
          try await bob.channels["room"].attach()
          try await ada.channels["room"].publish(name: "ada", data: .binary([0, 1, 255]))
          try await bob.channels["room"].publish(name: "bob", data: ["k": [1, true, .null]])
          for try await message in forAda.prefix(1) {
            #expect(message.clientId == "bob")
            #expect(message.data == ["k": [1, true, .null]])
          }
          for try await message in forBob.prefix(1) {
            #expect(message.clientId == "ada")
            #expect(message.data == .binary([0, 1, 255]))
            #expect(message.connectionId == ada.connection.id)
          }
          #expect(ada.connection.id != bob.connection.id)
          #expect(ada.connection.key != bob.connection.key)
          #expect(ada.clientId == "ada")
        }
      }
    }
  }

  @Test(
    "RTC8a, RTC8a1, RTC8a4: authorize swaps the token in place, an Ably token and a JWT",
    arguments: ["token", "jwt"])
  func inPlace(kind: String) async throws {
    try await LoopbackDesk.open { desk in
      try await desk.connected(desk.tokenOptions()) { client in
        let (id, before) = (client.connection.id, client.auth.tokenDetails?.token)
        let events = client.connection.events
        if kind == "jwt" {
          let signer = AblyJWTSigner(key: try APIKey(LoopbackDesk.key))
          var options = AuthOptions()
          options.token = try signer.mint(AblyJWT.Claims(issuedAt: Date())).token
          try await client.auth.authorize(options: options)
        } else {
          try await client.auth.authorize()
        }
        #expect(client.auth.tokenDetails?.token != before)
        #expect(client.connection.id == id)
        for await change in events.prefix(1) { #expect(change.event == .update) }
      }
    }
  }

  @Test("RSA8, RSA7: a callback that gives JWTs connects, and the identity in them is the client's")
  func jwt() async throws {
    try await LoopbackDesk.open { desk in
      let options = try desk.options {
        let signer = AblyJWTSigner(key: try APIKey(LoopbackDesk.key))
        $0.key = nil
        $0.clientId = "ada"
        $0.authCallback = { params in
          .token(try signer.mint(AblyJWT.Claims(clientId: params.clientId)).token)
        }
      }
      try await desk.connected(options) { client in
        #expect(client.connection.id != nil)
        #expect(client.connection.errorReason == nil)
        #expect(client.clientId == "ada")
      }
    }
  }

  @Test(
    "RTL6g4, RTL6g1, RTL6g2: before the identity is known any goes out, and the service decides; then the own one"
  )
  func publishesEarly() async throws {
    try await LoopbackDesk.open { desk in
      let options = try desk.tokenOptions(TokenParams(clientId: "ada")) { $0.autoConnect = false }
      try await withRealtimeClient(options) { client in
        let channel = client.channels["room"]
        let messages = channel.subscribe()
        let own = Task { try await channel.publish(Message(name: "own", clientId: "ada")) }
        let other = Task { try await channel.publish(Message(name: "other", clientId: "eve")) }
        try await until(client.engine.read(\.outbox.load.count) >= 2)
        client.connect()
        _ = try await own.value
        let error = await #expect(throws: ErrorInfo.self) { try await other.value }
        #expect(error?.code == .invalidClientId)
        #expect(client.connection.state == .connected)
        #expect(channel.state != .failed)
        try await channel.publish(Message(name: "unnamed"))
        try await channel.publish(Message(name: "named", clientId: "ada"))
        var seen: [String?] = []
        for try await message in messages.prefix(3) {
          seen.append(message.name)
          #expect(message.clientId == "ada")
        }
        #expect(seen == ["own", "unnamed", "named"])
      }
    }
  }

  @Test("RTC8c, RTN3: authorize makes the connection")
  func initiates() async throws {
    try await LoopbackDesk.open { desk in
      try await withRealtimeClient(desk.tokenOptions { $0.autoConnect = false }) { client in
        #expect(client.connection.state == .initialized)
        try await client.auth.authorize()
        #expect(client.connection.state == .connected)
      }
    }
  }

  @Test("RSA7b3, RTC4a, RSA7a: the service states the identity; a token for another one is 40102")
  func identity() async throws {
    try await LoopbackDesk.open { desk in
      try await desk.connected(desk.tokenOptions(TokenParams(clientId: "ada"))) { client in
        #expect(client.clientId == "ada")
      }
      let options = try desk.tokenOptions(TokenParams(clientId: "eve")) { $0.clientId = "ada" }
      try await withRealtimeClient(options) { client in
        try await client.connection.whenState(.failed)
        #expect(client.connection.errorReason?.code == .incompatibleCredentials)
      }
    }
  }

  @Test("RTC8a2, RTC8a3: authorize with a token of another identity fails, and the connection with it")
  func otherIdentity() async throws {
    try await LoopbackDesk.open { desk in
      try await desk.connected(desk.options()) { server in
        let token = try await server.auth.requestToken(TokenParams(clientId: "eve"))
        try await desk.connected(desk.tokenOptions(TokenParams(clientId: "ada"))) { client in
          let options = Self.options(token)
          let error = await #expect(throws: ErrorInfo.self) {
            try await client.auth.authorize(options: options)
          }
          #expect(error?.code == .incompatibleCredentials)
          try await client.connection.whenState(.failed)
        }
      }
    }
  }

  @Test("RTC8a1, 40160: a smaller capability fails the channel that it does not cover, and no other")
  func downgrade() async throws {
    try await LoopbackDesk.open { desk in
      try await desk.connected(desk.options { $0.useTokenAuth = true }) { client in
        try await client.channels["mine"].attach()
        try await client.channels["other"].attach()
        try await client.auth.authorize(TokenParams(capability: ["mine": [.all]]))
        try await client.channels["other"].whenState(.failed)
        #expect(client.channels["other"].errorReason?.code == .capabilityDenied)
        #expect(client.channels["mine"].state == .attached)
        try await client.channels["mine"].publish(name: "n", data: "still here")
        let refused = await #expect(throws: ErrorInfo.self) { try await client.channels["third"].attach() }
        #expect(refused?.code == .capabilityDenied)
      }
    }
  }

  @Test("RSA9a, RSA9: a signed request is exchanged for the connection's token")
  func request() async throws {
    try await LoopbackDesk.open { desk in
      let server = try RESTClient(options: desk.options())
      let options = try desk.options {
        $0.key = nil
        $0.clientId = "ada"
        $0.authCallback = { .tokenRequest(try await server.auth.createTokenRequest($0)) }
      }
      try await desk.connected(options) { #expect($0.clientId == "ada") }
    }
  }

  @Test("RTN22, RSA4b: before a token ends the service asks for another, and gets it, without a break")
  func renewal() async throws {
    try await LoopbackDesk.open { desk in
      try await desk.connected(desk.tokenOptions(TokenParams(ttl: .seconds(36)))) { client in
        let (id, before) = (client.connection.id, client.auth.tokenDetails?.token)
        let events = client.connection.events
        // Thirty seconds before the end.
        desk.clock.advance(by: .seconds(6))
        for await change in events.prefix(1) { #expect(change.event == .update) }
        #expect(client.connection.id == id)
        #expect(client.auth.tokenDetails?.token != before)
      }
    }
  }

  @Test("RTN15h2, RSA4b: a token that is revoked is renewed, and the connection taken up again")
  func revoked() async throws {
    try await LoopbackDesk.open { desk in
      let server = try RESTClient(options: desk.options(key: LoopbackDesk.revocableKey))
      let options = try desk.options {
        $0.key = nil
        $0.authCallback = { _ in
          .tokenDetails(try await server.auth.requestToken(TokenParams(clientId: "ada")))
        }
      }
      try await desk.connected(options) { client in
        let id = client.connection.id
        let events = client.connection.events
        // A token that is issued in the very millisecond of the revocation goes on.
        desk.clock.advance(by: .seconds(1))
        _ = try await server.auth.revokeTokens([
          TokenRevocationTargetSpecifier(type: "clientId", value: "ada")
        ])
        var states: [ConnectionState] = []
        for await change in events.prefix(3) {
          states.append(change.current)
          if change.current == .disconnected { #expect(change.reason?.code == .tokenRevoked) }
        }
        #expect(states == [.disconnected, .connecting, .connected])
        #expect(client.connection.id == id)
      }
    }
  }
}
