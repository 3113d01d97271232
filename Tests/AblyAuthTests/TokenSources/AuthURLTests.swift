internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import HTTPTypes
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("authURL")
struct AuthURLTests {
  static func options(
    _ url: String = "https://auth.example/token", _ adjust: (inout ClientOptions) -> Void = { _ in }
  ) -> ClientOptions {
    var options = ClientOptions(authURL: url)
    adjust(&options)
    return options
  }

  static func client(_ transport: StubTransport, _ options: ClientOptions) throws(ErrorInfo) -> RESTClient {
    try RESTClient(options: options, transport: transport, clock: .stopped())
  }

  @Test(
    "RSA8c, RSA8c1a, RSA8c2, AO2f, RSA4, TO3j6, TO3j8, TO3j9: GET, with parameters in the query, and no word of Ably"
  )
  func get() async throws {
    let transport = StubTransport(.text("appId.tok\n", type: "text/plain"), .json([]))
    let client = try Self.client(
      transport,
      Self.options {
        $0.clientId = "bob"
        $0.authHeaders = ["Authorization": "Session s", "X-Own": "1"]
        $0.authParams = ["room": "a b&c", "ttl": "lost"]
        $0.defaultTokenParams = TokenParams(ttl: .seconds(60), capability: ["a": [.publish]])
      })
    try await client.channel("c").publish(name: "n", data: nil)
    let sent = transport.sent[0]
    #expect(sent.request.method == .get)
    #expect(sent.authority == "auth.example")
    #expect(sent.path == "/token")
    #expect(
      sent.query == [
        "capability=%7B%22a%22%3A%5B%22publish%22%5D%7D", "clientId=bob", "room=a%20b%26c", "ttl=60000",
      ], "RSA8c2, RSA12b")
    #expect(sent["Authorization"] == "Session s")
    #expect(sent["X-Own"] == "1")
    #expect(sent.body.isEmpty)
    for name in ["X-Ably-Version", "Ably-Agent", "X-Ably-ClientId"] { #expect(sent[name] == nil) }
    #expect(transport.sent[1]["Authorization"] == "Bearer \(Base64.standard.encode("appId.tok".utf8))")
  }

  @Test("RSA8c1b, RSA8c1c, AO2d, TO3j7: POST, with parameters in a form, and the address's own query kept")
  func post() async throws {
    let transport = StubTransport(.json(["token": "t"]))
    let client = try Self.client(
      transport,
      Self.options("https://auth.example/token?app=1&ttl=5") {
        $0.authMethod = .post
        $0.authHeaders = ["X-Own": "1"]
        $0.authParams = ["room": "a b", "clientId": "lost"]
      })
    _ = try await client.auth.requestToken(
      TokenParams(clientId: "bob", timestamp: Date(timeIntervalSince1970: 5), nonce: "n"))
    let sent = transport.sent[0]
    #expect(sent.line == "POST /token?app=1&ttl=5")
    #expect(String(decoding: sent.body, as: UTF8.self) == "clientId=bob&nonce=n&room=a%20b&timestamp=5000")
    #expect(sent["Content-Type"] == "application/x-www-form-urlencoded")
    #expect(sent["X-Own"] == "1")
  }

  static let merged: [(url: String, params: [String: String], target: String)] = [
    ("https://a.example", [:], "/"),
    ("https://a.example?x=1", [:], "/?x=1"),
    ("https://a.example/p?x=1&y=2", ["x": "3"], "/p?y=2&x=3"),
    ("https://a.example/p?x=1&x=2", ["x": "3"], "/p?x=3"),
    ("https://a.example/p?%78=1&keep", ["x": "3"], "/p?keep&x=3"),
    ("https://a.example/p?x=%ZZ", ["y": "3"], "/p?x=%ZZ&y=3"),
    ("https://a.example/p?#frag", ["y": "3"], "/p?y=3"),
    ("https://a.example/p#frag?x", [:], "/p"),
  ]

  @Test("RSA8c1c: the address's own query is kept, unless a parameter has the same name", arguments: merged)
  func query(url: String, params: [String: String], target: String) async throws {
    let transport = StubTransport(.text("t", type: "text/plain"))
    let client = try Self.client(transport, Self.options(url) { $0.authParams = params })
    _ = try await client.auth.requestToken()
    #expect(transport.sent[0].target == target)
  }

  @Test("RSA8c3: options of a call replace headers and parameters as a whole")
  func replaced() async throws {
    let transport = StubTransport(.text("t", type: "text/plain"))
    let client = try Self.client(
      transport,
      Self.options {
        $0.authHeaders = ["X-Own": "1"]
        $0.authParams = ["room": "a"]
      })
    _ = try await client.auth.requestToken(
      options: AuthOptions(authURL: "https://auth.example/token", params: ["other": "b"]))
    #expect(transport.sent[0].query == ["other=b"])
    #expect(transport.sent[0]["X-Own"] == nil)
  }

  static let jwt = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"
  static let answers: [(HTTPReply, String)] = [
    (.text("appId.tok", type: "text/plain"), "appId.tok"),
    (.text("  appId.tok\r\n", type: "text/plain; charset=utf-8"), "appId.tok"),
    (.text(jwt, type: "application/jwt"), jwt),
    (.text(jwt, type: "Text/Plain ;charset=utf-8"), jwt),
    (.json(["token": "appId.tok"], type: "application/json; charset=utf-8"), "appId.tok"),
    (.json(["token": "appId.tok"], status: 201), "appId.tok"),
  ]

  @Test("RSA8c, RSA8g: tokens, in each type", arguments: answers)
  func answer(reply: HTTPReply, token: String) async throws {
    let transport = StubTransport(reply)
    let details = try await Self.client(transport, Self.options()).auth.requestToken()
    #expect(details.token == token)
    #expect(transport.sent.count == 1)
  }

  @Test("RSA8c, RSA8a: a token request is exchanged with Ably")
  func request() async throws {
    let request = try TokenRequestSigner(key: APIKey(Sample.key)).sign(TokenParams(), at: Sample.now)
    let transport = StubTransport(.json(try JSONValue(parsing: request.jsonText)), .token)
    let details = try await Self.client(transport, Self.options()).auth.requestToken()
    #expect(details.token == "obtained-token")
    #expect(transport.sent.map(\.authority) == ["auth.example", "main.realtime.ably.net"])
    #expect(try transport.sent[1].json == JSONValue(parsing: request.jsonText))
  }

  static let unusable: [(HTTPReply, String)] = [
    (.text("", type: "text/plain"), "empty"),
    (.text("\n", type: "text/plain"), "empty"),
    (.text("null", type: "text/plain"), "null"),
    (.text(#"{"token":"abc"}"#, type: "text/plain"), "application/json"),
    (.text(#""abc""#, type: "text/plain"), "quotes"),
    (.text("<html>sign in here abc", type: "text/plain"), "white space"),
    (.text("<html>abc", type: "text/html"), "text/html"),
    (.text("abc", type: nil), "no content type"),
    (.text("abc", type: "x\u{1b}[2J"), "content type"),
    (.text("", type: "application/json"), "empty"),
    (.text("abc", type: "application/json"), "not JSON"),
    (.text("null", type: "application/json"), "null"),
    (.text(#""{\"token\":\"abc\"}""#, type: "application/json"), "twice"),
    (.text(#"["abc"]"#, type: "application/json"), "object"),
    (.text(String(repeating: "x", count: 131_073), type: "text/plain"), "128 KiB"),
    (HTTPReply(response: HTTPReply.text("", type: "text/plain").response, body: [0xFF]), "UTF-8"),
  ]

  @Test(
    "RSA4e, RSA4f: what can be no token is 40170 with the reason, and is not repeated", arguments: unusable)
  func refused(reply: HTTPReply, reason: String) async throws {
    let client = try Self.client(StubTransport(reply), Self.options())
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.requestToken() }
    #expect(error?.code == .tokenRequestCallbackFailed)
    #expect(error?.statusCode == 401)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect("\(error as Any)".contains("abc") == false)
    #expect("\(error as Any)".contains("\u{1b}") == false)
  }

  static let failures: [(status: Int, expected: Int)] = [(401, 401), (403, 403), (404, 401), (500, 401)]

  @Test("RSA4e, RSA4d: a refusal is 40170; 403 stays 403", arguments: failures)
  func status(status: Int, expected: Int) async throws {
    let client = try Self.client(StubTransport(.text("no", status: status)), Self.options())
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.requestToken() }
    #expect(error?.code == .tokenRequestCallbackFailed)
    #expect(error?.statusCode == expected)
    #expect(error?.cause?.statusCode == status)
  }

  @Test(
    "RSA4e: an auth server that is not there is 40170 with the cause",
    arguments: [
      HTTPFailure.Reason.refused, .timedOut, .broken, .tooLarge,
    ])
  func unreachable(reason: HTTPFailure.Reason) async throws {
    let transport = StubTransport { _ throws(HTTPFailure) in throw HTTPFailure(reason, "") }
    let error = await #expect(throws: ErrorInfo.self) {
      try await Self.client(transport, Self.options()).auth.requestToken()
    }
    #expect(error?.code == .tokenRequestCallbackFailed)
    #expect(error?.statusCode == 401)
    #expect(error?.cause != nil)
    #expect(transport.sent.count == 1, "fallback hosts are not for auth servers")
    #expect(transport.sent[0].limits.maximumBodySize <= 1 << 18)
  }

  static func redirect(_ status: Int, _ location: String) -> HTTPReply {
    .text("", status: status, type: nil, fields: [("Location", location)])
  }

  static let redirects: [(status: Int, location: String, method: AuthMethod, line: String, keeps: Bool)] = [
    (302, "/other?x=1", .get, "GET https://auth.example/other?x=1", true),
    (302, "other", .get, "GET https://auth.example/other", true),
    (302, "https://AUTH.example:443/other", .get, "GET https://auth.example/other", true),
    (301, "https://else.example/other", .get, "GET https://else.example/other", false),
    (307, "//else.example", .get, "GET https://else.example/", false),
    (303, "/other", .post, "GET https://auth.example/other", true),
    (307, "/other", .post, "POST https://auth.example/other", true),
    (308, "/other", .post, "POST https://auth.example/other", true),
    (302, "https://else.example/", .post, "GET https://else.example/", false),
  ]

  @Test("RSA8c: redirects are followed; own headers stay with their host", arguments: redirects)
  func redirected(status: Int, location: String, method: AuthMethod, line: String, keeps: Bool) async throws {
    let transport = StubTransport(Self.redirect(status, location), .text("t", type: "text/plain"))
    let client = try Self.client(
      transport,
      Self.options {
        $0.authMethod = method
        $0.authHeaders = ["Authorization": "Session s"]
        $0.authParams = ["p": "v"]
      })
    #expect(try await client.auth.requestToken().token == "t")
    let sent = transport.sent[1]
    #expect("\(sent.request.method) \(sent.scheme ?? "")://\(sent.authority ?? "")\(sent.target)" == line)
    #expect(sent["Authorization"] == (keeps ? "Session s" : nil))
    #expect(sent.body.isEmpty == line.hasPrefix("GET"))
  }

  static let badRedirects: [(status: Int, location: String, method: AuthMethod)] = [
    (302, "http://auth.example/", .get), (302, "ftp://auth.example/", .get), (302, "https://", .get),
    (302, "https://user:pass@auth.example/", .get), (302, "https://a b/", .get), (302, "javascript:x", .get),
    (307, "https://else.example/", .post), (302, "/token", .get), (304, "", .get),
  ]

  @Test("RSA4e: a redirect without end, without TLS, or to nowhere is 40170", arguments: badRedirects)
  func badRedirect(status: Int, location: String, method: AuthMethod) async throws {
    let transport = StubTransport(Self.redirect(status, location))
    let client = try Self.client(transport, Self.options { $0.authMethod = method })
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.requestToken() }
    #expect(error?.code == .tokenRequestCallbackFailed)
    #expect(transport.sent.count == (location == "/token" ? 6 : 1))
  }

  static let malformed = [
    "", "auth.example", "/token", "ftp://a.example", "https://", "https:///x", "https://a b.example/",
    "https://user:pass@a.example/", "https://a.example/\n", "https://:443/", "https://exämple.com/",
    "https://a.example\\@b.example/",
  ]

  @Test(
    "AO2c: what is no web address is refused when the client is made, and by each call", arguments: malformed)
  func refused(url: String) async throws {
    let atInit = #expect(throws: ErrorInfo.self) { try RESTClient(options: Self.options(url)) }
    #expect(atInit?.code == .invalidParameterValue)
    let client = try RESTClient.stubbed(StubTransport(.token))
    let inCall = await #expect(throws: ErrorInfo.self) {
      try await client.auth.authorize(options: AuthOptions(authURL: url))
    }
    #expect(inCall?.code == .invalidParameterValue)
    #expect(try await client.auth.createTokenRequest().keyName == Sample.keyName, "nothing was replaced")
  }

  static let headers = [("a b", "x"), ("", "x"), ("X", "a\r\nY: b"), ("Host", "x"), ("content-length", "5")]

  @Test("AO2e: header fields that HTTP cannot carry are refused", arguments: headers)
  func malformedHeader(name: String, value: String) throws {
    let error = #expect(throws: ErrorInfo.self) {
      try RESTClient(options: Self.options { $0.authHeaders = [name: value] })
    }
    #expect(error?.code == .invalidParameterValue)
  }

  @Test("without TLS, to another machine, it warns")
  func insecure() async throws {
    for (url, warns) in [("http://auth.example/", true), ("http://127.0.0.1:8080/", false)] {
      let log = LogCapture()
      let client = try Self.client(
        StubTransport(.text("t", type: "text/plain")), Self.options(url) { $0.logger = log.logger })
      _ = try await client.auth.requestToken()
      #expect(log.lines.contains { $0.hasPrefix("warning") } == warns)
    }
  }
}
