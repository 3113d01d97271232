internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Against the service, over HTTP: channels")
struct ChannelServiceTests {
  static let payloads: [MessageData?] = [
    "text", "", "é👋\n\"", .binary([0, 1, 0xFF]), .binary([]), ["k": ["v", 1, true]], [1, 2], nil,
  ]

  @Test("RSL4, RSL6a, RSL6a2, RSA11: what is published comes back as it was", arguments: payloads)
  func roundTrip(data: MessageData?) async throws {
    try await ServiceDesk.open { desk in
      let channel = try desk.trusted().channel("c")
      var message = Message(name: "n", data: data)
      message.extras = ["headers": ["a": "b"]]
      try await channel.publish(message)
      let received = try #require(try await channel.history().items.first)
      #expect(received.data == data)
      #expect(received.encoding == nil)
      #expect(received.extras == ["headers": ["a": "b"]])
      #expect(received.id?.isEmpty == false, "TM2a")
      #expect(received.timestamp != nil, "TM2f")
    }
  }

  static let names = [
    "a/b", "a:b", "100%", "%2F", "é👋", "a b", "a?b#c", "..", ".", "a+b&c=d", "a/../b", "a%2Fb",
  ]

  @Test("RSL1b, RSL2: channels whose names look like other paths are channels of their own", arguments: names)
  func distinct(name: String) async throws {
    try await ServiceDesk.open { desk in
      let client = try desk.trusted()
      try await client.channel(name).publish(name: "n", data: .string(name))
      #expect(try await client.channel(name).history().items.map(\.data) == [.string(name)])
      for other in Self.names where other != name {
        #expect(try await client.channel(other).history().items.isEmpty)
      }
    }
  }

  @Test("TG4, TG5, RSL2b2, RSL2b3: every message once, page by page, in either direction")
  func pages() async throws {
    try await ServiceDesk.open { desk in
      let channel = try desk.trusted().channel("a/b")
      try await channel.publish((0..<7).map { Message(name: String($0)) })
      for direction in HistoryDirection.allCases {
        var names: [String?] = []
        var page = try await channel.history(direction: direction, limit: 3)
        names += page.items.map(\.name)
        while let next = try await page.next() {
          page = next
          names += page.items.map(\.name)
        }
        let inOrder = (0..<7).map { Optional(String($0)) }
        #expect(names == (direction == .forwards ? inOrder : inOrder.reversed()))
        #expect(try await page.first().items.first?.name == names.first)
      }
    }
  }

  @Test("RSL1m1, RSA7e2: a client with an identity need not state it")
  func ownIdentity() async throws {
    try await ServiceDesk.open { desk in
      let client = try desk.trusted { $0.clientId = "bób" }
      try await client.channel("c").publish(name: "n", data: nil)
      #expect(try await client.channel("c").history().items.map(\.clientId) == ["bób"])
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let own: String?
    let token: String?
    let stated: String?
    let published: String?
  }

  static let identities = [
    Case(testDescription: "RSA8f1: nobody", own: nil, token: nil, stated: nil, published: nil),
    Case(testDescription: "RSA8f3: anybody", own: nil, token: "*", stated: nil, published: nil),
    Case(testDescription: "RSA8f4, RSL1m3: any", own: nil, token: "*", stated: "eve", published: "eve"),
    Case(testDescription: "RSA15b: one of any", own: "bob", token: "*", stated: nil, published: "bob"),
    Case(testDescription: "RSL1m2: the same", own: nil, token: "bob", stated: "bob", published: "bob"),
  ]

  @Test("RSL1m, RSA8f: whom a message is from", arguments: identities)
  func identity(_ row: Case) async throws {
    try await ServiceDesk.open { desk in
      let token = try await desk.trusted().auth.requestToken(TokenParams(clientId: row.token))
      let client = try desk.bearer(token) { $0.clientId = row.own }
      try await client.channel("c").publish(Message(name: "n", clientId: row.stated))
      #expect(try await client.channel("c").history().items.map(\.clientId) == [row.published])
      #expect(client.auth.clientId == row.own ?? row.token)
    }
  }

  @Test("RSA8f2, RSL1m4: an identity that the token does not allow is refused", arguments: [nil, "bob"])
  func foreignIdentity(tokenClientId: String?) async throws {
    try await ServiceDesk.open { desk in
      let token = try await desk.trusted().auth.requestToken(TokenParams(clientId: tokenClientId))
      let error = await #expect(throws: ErrorInfo.self) {
        try await desk.bearer(token).channel("c").publish(Message(name: "n", clientId: "eve"))
      }
      #expect(error?.code == .invalidClientId)
    }
  }

  @Test("RSA4, RSA7d: token authentication with a key, from the first request on")
  func tokenFromKey() async throws {
    try await ServiceDesk.open { desk in
      let client = try desk.trusted {
        $0.useTokenAuth = true
        $0.clientId = "bob"
        $0.allowsBasicAuthOnLoopback = false
      }
      try await client.channel("c").publish(name: "n", data: "d")
      #expect(try await client.channel("c").history().items.map(\.clientId) == ["bob"])
      #expect(client.auth.tokenDetails?.clientId == "bob")
    }
  }

  @Test("RSA3b: a JWT is a token")
  func jwt() async throws {
    try await ServiceDesk.open { desk in
      let jwt = try AblyJWTSigner(key: APIKey(ServiceDesk.key)).mint(
        AblyJWT.Claims(ttl: .seconds(600), clientId: "alice"))
      let client = try desk.bearer(TokenDetails(token: jwt.token))
      try await client.channel("c").publish(name: "n", data: "d")
      #expect(try await client.channel("c").history().items.map(\.clientId) == ["alice"])
    }
  }

  @Test("RSL1l1: parameters of a publish reach the service")
  func params() async throws {
    try await ServiceDesk.open { desk in
      let error = await #expect(throws: ErrorInfo.self) {
        try await desk.trusted().channel("c").publish(Message(name: "n"), params: ["_forceNack": "true"])
      }
      #expect(error?.code == .reservedForTesting)
    }
  }

  @Test("a token that means nothing here is refused, with the first thing to do")
  func foreignToken() async throws {
    try await ServiceDesk.open { desk in
      let error = await #expect(throws: ErrorInfo.self) {
        try await desk.bearer(TokenDetails(token: "other.token")).channel("c").publish(name: "n", data: nil)
      }
      #expect(error?.code == .noMeansToRenew, "RSA4a2")
      #expect(error?.cause?.isTokenError == true)
      #expect(error?.remedy?.isEmpty == false)
    }
  }
}
