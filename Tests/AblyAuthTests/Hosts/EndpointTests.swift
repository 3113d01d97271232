internal import AblyAuth
internal import AblyTokens
internal import Testing

@Suite("Endpoint")
struct EndpointTests {
  static let hosts: [(String?, String)] = [
    (nil, "main.realtime.ably.net"),
    ("main", "main.realtime.ably.net"),
    ("acme", "acme.realtime.ably.net"),
    ("nonprod:sandbox", "sandbox.realtime.ably-nonprod.net"),
    ("rest.example.com", "rest.example.com"),
    ("Rest.Example.COM", "rest.example.com"),
    ("localhost", "localhost"),
    ("10.0.0.1", "10.0.0.1"),
    ("::1", "[::1]"),
    ("[2001:db8::1]", "[2001:db8::1]"),
  ]

  @Test("REC1a, REC1b2, REC1b3, REC1b4, RSC25: where requests go", arguments: hosts)
  func host(endpoint: String?, host: String) async throws {
    let transport = StubTransport(.time)
    let client = try RESTClient.stubbed(transport) { $0.endpoint = endpoint }
    _ = try await client.time()
    #expect(transport.sent[0].authority == host)
    #expect(transport.sent[0].scheme == "https")
  }

  static let malformed = [
    "", " ", "a b", "https://example.com", "example.com/x", "example.com:8080", "user@example.com",
    "example.com?x", "example.com#x", "nonprod:", "nonprod:a.b", "nonprod:a/b", "a:b", "::1]@evil.example",
    "[::1]:80", "exämple.com", "a\r\nb.c", "%31.2.3.4",
  ]

  @Test("REC1: what is no host cannot send credentials elsewhere", arguments: malformed)
  func refusal(endpoint: String) throws {
    let error = try #require(throws: ErrorInfo.self) {
      try RESTClient(options: .sample { $0.endpoint = endpoint })
    }
    #expect(error.code == .invalidParameterValue)
    #expect(error.remedy?.contains("host alone") == true)
  }

  static let ports: [(tls: Bool, port: Int, authority: String)] = [
    (true, 443, "a.example"), (true, 8443, "a.example:8443"), (true, 80, "a.example:80"),
    (false, 80, "a.example"), (false, 8080, "a.example:8080"), (false, 443, "a.example:443"),
  ]

  @Test("RSC18, TO3k4, TO3k5: scheme and port", arguments: ports)
  func port(tls: Bool, port: Int, authority: String) async throws {
    let transport = StubTransport(.time)
    let client = try RESTClient.stubbed(transport) { options in
      options = ClientOptions(token: "t")
      options.endpoint = "a.example"
      options.tls = tls
      if tls { options.tlsPort = port } else { options.port = port }
    }
    _ = try await client.time()
    #expect(transport.sent[0].scheme == (tls ? "https" : "http"))
    #expect(transport.sent[0].authority == authority)
  }

  static let strangers = [
    "127.0.0.1.example.com", "127.1", "127.0.0", "1127.0.0.1", "127.0.0.256", "127.0.0.-1", "127.0.0.",
    "127.0.0.1.", "0.0.0.0", "localhost.example.com", "::2", "::ffff:127.0.0.1", "127.0.0.+1",
  ]

  @Test("RSC18: what only looks like this machine gets no key", arguments: strangers)
  func notLoopback(endpoint: String) throws {
    let error = try #require(throws: ErrorInfo.self) {
      try RESTClient(
        options: .sample {
          $0.endpoint = endpoint
          $0.tls = false
          $0.allowsBasicAuthOnLoopback = true
        })
    }
    #expect([.basicAuthOverInsecureTransport, .invalidParameterValue].contains(error.code))
  }
}
