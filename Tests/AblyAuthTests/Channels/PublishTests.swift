internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Publishing")
struct PublishTests {
  let transport = StubTransport(.json(["serials": ["s1", .null], "channel": "c"], status: 201))

  func channel(
    _ name: String = "c", _ adjust: (inout ClientOptions) -> Void = { _ in }
  ) throws -> RESTChannel {
    try RESTClient.stubbed(transport) { adjust(&$0) }.channel(name)
  }

  @Test("RSL1a, RSL1b, RSL1h, RSL9: name and data, in one message")
  func nameAndData() async throws {
    let channel = try channel()
    #expect(channel.name == "c")
    try await channel.publish(name: "greeting", data: "hello")
    #expect(transport.sent.map(\.line) == ["POST /channels/c/messages"])
    #expect(try transport.sent[0].json == [["name": "greeting", "data": "hello"]])
  }

  @Test("RSL1e: what is absent is not sent")
  func absent() async throws {
    try await channel().publish(name: nil, data: "hello")
    try await channel().publish(name: "event", data: nil)
    try await channel().publish(name: nil, data: nil)
    #expect(try transport.sent.map { try $0.json } == [[["data": "hello"]], [["name": "event"]], [[:]]])
  }

  @Test("RSL1a, RSL1c: several messages, in one request")
  func several() async throws {
    let messages = [
      Message(name: "event1", data: "data1"), Message(name: "event2", data: ["key": "value"]),
      Message(name: "event3", data: .binary([1, 2, 3])),
    ]
    try await channel().publish(messages)
    #expect(
      try transport.sent.map { try $0.json } == [
        [
          ["name": "event1", "data": "data1"],
          ["name": "event2", "data": #"{"key":"value"}"#, "encoding": "json"],
          ["name": "event3", "data": "AQID", "encoding": "base64"],
        ]
      ])
  }

  @Test("RSL1j, RSL1k2, RSL1k3: every member that is set is sent, an id unchanged")
  func everyMember() async throws {
    var message = Message(name: "n", data: "d", clientId: "bob")
    message.id = "custom-id:0"
    message.extras = ["push": ["notification": ["title": "Test"]]]
    message.connectionKey = "key"
    try await channel().publish(message)
    #expect(
      try transport.sent[0].json == [
        [
          "name": "n", "data": "d", "clientId": "bob", "id": "custom-id:0", "connectionKey": "key",
          "extras": ["push": ["notification": ["title": "Test"]]],
        ]
      ])
  }

  @Test(
    "RSL1m1–RSL1m3, RSA7a1: the client id of a message is left as it is", arguments: [nil, "bob", "alice"])
  func clientId(messageClientId: String?) async throws {
    for ownClientId in ["bob", nil] {
      try await channel("c") { $0.clientId = ownClientId }.publish(
        Message(name: "n", clientId: messageClientId))
    }
    #expect(
      try transport.sent.map { try $0.json.array?.first?["clientId"]?.string } == [
        messageClientId, messageClientId,
      ])
  }

  @Test("RSL1n, PBR1, PBR2a: the serials come back")
  func serials() async throws {
    #expect(try await channel().publish(name: "n", data: nil).serials == ["s1", nil])
    let silent = [HTTPReply.json(["channel": "c"]), .text("", status: 201, type: nil), .json(["serials": 5])]
    for answer in silent {
      let channel = try RESTClient.stubbed(StubTransport(answer)).channel("c")
      #expect(try await channel.publish(name: "n", data: nil).serials.isEmpty)
    }
  }

  static let sizes = [(1000, true), (1024, true), (1025, false), (10_000, false)]

  @Test("RSL1i, TO3l8: what is too large is refused here, with 40009", arguments: sizes)
  func size(count: Int, isFit: Bool) async throws {
    let channel = try channel("c") { $0.maxMessageSize = 1024 }
    let half = Message(data: .string(String(repeating: "x", count: count / 2)))
    let rest = Message(data: .string(String(repeating: "x", count: count - count / 2)))
    if isFit {
      try await channel.publish([half, rest])
    } else {
      let error = await #expect(throws: ErrorInfo.self) { try await channel.publish([half, rest]) }
      #expect(error?.code == .maxMessageSizeExceeded)
    }
    #expect(transport.sent.count == (isFit ? 1 : 0))
  }

  @Test("RSL1l: parameters go into the query")
  func params() async throws {
    try await channel().publish(Message(name: "n"), params: ["b": "1 2&3=é", "a/": ""])
    #expect(transport.sent[0].target == "/channels/c/messages?a%2F=&b=1%202%263%3D%C3%A9")
  }

  @Test("RSL1d: the service's refusal passes through")
  func refusal() async throws {
    let refusing = StubTransport(
      .json(["error": ["code": 40160, "statusCode": 401, "message": "denied"]], status: 401))
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(refusing).channel("c").publish(name: "n", data: "d")
    }
    #expect(error?.code == .capabilityDenied)
  }

  static let unpublishable: [([Message], ErrorInfo.Code)] = [
    ([], .invalidPublishRequest), ([Message(data: .json(42))], .invalidDataOrEncoding),
    ([Message(data: .json(true))], .invalidDataOrEncoding),
  ]

  @Test("RSL4a: what cannot be published is refused here", arguments: unpublishable)
  func refusedHere(messages: [Message], code: ErrorInfo.Code) async throws {
    let error = await #expect(throws: ErrorInfo.self) { try await channel().publish(messages) }
    #expect(error?.code == code)
    #expect(transport.sent.isEmpty)
  }

  static let names = [
    ("simple", "simple"), ("with:colon", "with%3Acolon"), ("with/slash", "with%2Fslash"),
    ("with space", "with%20space"), ("100%", "100%25"), ("%2F", "%252F"), ("é👋", "%C3%A9%F0%9F%91%8B"),
    ("a?b#c&d=e+f", "a%3Fb%23c%26d%3De%2Bf"), ("[meta]log", "%5Bmeta%5Dlog"), (".", "%2E"),
    ("..", "%2E%2E"), ("a..b", "a..b"), ("~-_.", "~-_."), ("a\r\nb", "a%0D%0Ab"),
  ]

  @Test("RSL1b, RSL2: a channel's name is one segment of the path, whatever it holds", arguments: names)
  func name(name: String, segment: String) async throws {
    try await channel(name).publish(name: "n", data: nil)
    #expect(transport.sent[0].path == "/channels/\(segment)/messages")
  }

  @Test("a channel without a name is 40010")
  func noName() async throws {
    let error = await #expect(throws: ErrorInfo.self) {
      try await channel("").publish(name: "n", data: nil)
    }
    #expect(error?.code == .invalidChannelName)
    #expect(transport.sent.isEmpty)
  }
}
