internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
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
        $0.logger = log.logger
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
        options.logger = log.logger
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

  /// What goes to and comes from token sources of an app's own; each holds the word that is looked for.
  static let ways: [(what: String, options: @Sendable () -> AuthOptions)] = [
    (
      "GET",
      {
        AuthOptions(
          authURL: "https://auth.example/hidden-path?session=hidden-session",
          headers: ["Authorization": "Session hidden-header"], params: ["p": "hidden-param"])
      }
    ),
    (
      "POST",
      {
        AuthOptions(
          authURL: "https://auth.example/hidden-path?session=hidden-session", method: .post,
          headers: ["X-Session": "hidden-header"], params: ["p": "hidden-param"])
      }
    ),
    ("callback with a token", { AuthOptions(authCallback: { _ in .token("hidden-token") }) }),
    (
      "callback with JSON",
      {
        AuthOptions(authCallback: { _ in
          .json(["keyName": "appId.keyId", "mac": "hidden-mac", "nonce": "hidden-nonce-of-a-request"])
        })
      }
    ),
    ("callback with what is no token", { AuthOptions(authCallback: { _ in .token("hidden token") }) }),
  ]

  /// What an auth server answers: well, with what is no token, with a redirect, with a refusal, and not (`nil`).
  static let answers: [HTTPReply?] = [
    .text("hidden-token", type: "text/plain"),
    .json(["token": "hidden-token", "clientId": "bob"]),
    .text("<html>hidden-page", type: "text/html"),
    .text("hidden page", type: "text/plain"),
    .text("", status: 302, type: nil, fields: [("Location", "https://else.example/hidden-place")]),
    .text("hidden-refusal", status: 401, type: "text/plain"),
    nil,
  ]

  @Test(
    "TO3c: nor what goes to and comes from a token source of the app's own",
    arguments: 0..<ways.count, 0..<answers.count)
  func sources(way: Int, answer: Int) async throws {
    let log = LogCapture()
    let hidden = Base64.standard.encode("hidden-token".utf8)
    let transport = StubTransport { sent throws(HTTPFailure) in
      if sent.authority == "auth.example" || sent.authority == "else.example" {
        guard let reply = Self.answers[answer] else { throw HTTPFailure(.refused, "") }
        return reply
      }
      // A refusal makes the client renew its token, and log why.
      return RenewalTests.refusal(40142)
    }
    var options = ClientOptions()
    options.auth = Self.ways[way].options()
    options.logger = log.logger
    let client = try RESTClient(options: options, transport: transport, clock: .stopped())
    _ = try? await client.auth.authorize()
    _ = try? await client.auth.authorize(options: options.auth)
    _ = try? await client.channel("c").history()
    _ = try? await client.channel("c").publish(name: "n", data: "hidden-payload")
    #expect(log.lines.contains { $0.contains("client made") }, "the log must be alive")
    if way < 2 { #expect(transport.sent.contains { "\($0.request.headerFields)".contains("hidden-header") }) }
    for line in log.lines {
      #expect(!line.contains("hidden"), "\(Self.ways[way].what)")
      #expect(!line.contains(hidden))
      #expect(!line.contains("auth.example"))
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
