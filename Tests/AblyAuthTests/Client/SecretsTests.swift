internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Secrets")
struct SecretsTests {
  /// Every spelling of the secrets that these tests use.
  static let secrets = [
    "keySecret", Sample.basic, "YXBwSWQua2V5SWQ6a2V5U2VjcmV0", "obtained-token", "b2J0YWluZWQtdG9rZW4=",
    "given-token", "Z2l2ZW4tdG9rZW4=",
  ]

  static func leaks(_ text: String) -> [String] { secrets.filter(text.contains) }

  @Test("TO3c: nothing that is logged holds a key's secret, a token, a MAC or a payload")
  func logs() async throws {
    let log = LogCapture()
    let transport = StubTransport { sent throws(HTTPFailure) in
      switch (sent.path, sent.body.count) {
      case ("/time", _): .time
      case ("/keys/appId.keyId/requestToken", _): .token
      case ("/channels/broken/messages", _): throw HTTPFailure(.broken, "gone")
      case ("/channels/refused/messages", _):
        .json(["error": ["code": 40160, "message": "no", "statusCode": 401]], status: 401)
      default: .json([["data": "payload", "encoding": "unknown"]])
      }
    }
    for useTokenAuth in [true, false] {
      let client = try RESTClient.stubbed(transport) {
        $0.logger = log.logger()
        $0.useTokenAuth = useTokenAuth
        $0.queryTime = true
      }
      _ = try await client.auth.requestToken()
      try await client.channel("c").publish(name: "n", data: "payload")
      _ = try await client.channel("c").history()
      for name in ["broken", "refused"] {
        _ = try? await client.channel(name).publish(name: "n", data: "payload")
      }
    }
    let bare = try RESTClient(
      options: {
        var options = ClientOptions(token: "given-token")
        options.logger = log.logger()
        return options
      }(), transport: transport)
    _ = try await bare.channel("c").history()
    let lines = log.lines
    #expect(lines.contains { $0.contains("/channels/c/messages") }, "the log must be alive")
    let mentioned = lines.contains { $0.hasPrefix("info") && $0.contains("40171") && $0.contains("https://") }
    #expect(mentioned, "RSA4a1")
    let macs = try transport.sent.compactMap { try $0.body.isEmpty ? nil : $0.json["mac"]?.string }
    #expect(macs.count == 3)
    for line in lines {
      #expect(Self.leaks(line).isEmpty)
      #expect(!line.contains("payload"))
      #expect(!macs.contains(where: line.contains))
    }
  }

  @Test("no description, interpolation or dump of a client or its options shows a secret")
  func descriptions() async throws {
    let transport = StubTransport(.token)
    let client = try RESTClient.stubbed(transport) { $0.useTokenAuth = true }
    try await client.channel("c").publish(name: "n", data: nil)
    let basic = try RESTClient.stubbed(transport)
    var options = try ClientOptions(key: Sample.key)
    options.token = "given-token"
    let given = try RESTClient(options: options, transport: transport)
    let values: [Any] = [
      client, client.auth, basic, basic.auth, given, given.auth, options, client.channel("c"),
      try AuthOptions(key: Sample.key),
    ]
    for value in values {
      var text = "\(value) \(String(reflecting: value)) "
      dump(value, to: &text)
      #expect(Self.leaks(text).isEmpty)
    }
  }
}
