internal import AblyAuth
internal import AblyTokens
internal import TestSupport
internal import Testing

/// Auth servers and hosts that misbehave, over sockets: each ends in a typed error, and the client works on.
@Suite("Hostile peers")
struct HostilePeerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let behaviour: RawServer.Behaviour
    /// What a request to such a host ends in.
    let code: ErrorInfo.Code
    /// Whether that is the cause of the 40170 that such an auth server ends in. It is not where the server
    /// did answer, but with no token.
    let isCause: Bool

    init(_ what: String, _ behaviour: RawServer.Behaviour, _ code: ErrorInfo.Code, isCause: Bool = true) {
      testDescription = what
      self.behaviour = behaviour
      self.code = code
      self.isCause = isCause
    }
  }

  static let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

  static let cases = [
    Case("says nothing", .hang(""), .timeout),
    Case("stops within the status line", .hang("HTTP/1.1 2"), .timeout),
    Case("stops within the header", .hang(head), .timeout),
    Case("stops within the body", .hang("\(head)Content-Length: 100\r\n\r\n{"), .timeout),
    Case("hangs up at once", .hangUp(""), .connectionFailed),
    Case("hangs up within the header", .hangUp(head), .connectionFailed),
    Case("hangs up within the body", .hangUp("\(head)Content-Length: 100\r\n\r\n{"), .connectionFailed),
    Case("is no HTTP", .hangUp("SSH-2.0-OpenSSH\r\n\r\n"), .connectionFailed),
    Case("announces gigabytes", .hang("\(head)Content-Length: 9999999999\r\n\r\n"), .invalidDataOrEncoding),
    Case(
      "sends gigabytes", .flood("\(head)Content-Length: 9999999999\r\n\r\n"), .invalidDataOrEncoding),
    Case("sends without end", .flood("\(head)\r\n"), .invalidDataOrEncoding),
    Case(
      "sends chunks without end", .flood("\(head)Transfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n"),
      .invalidDataOrEncoding),
    Case("sends a header without end", .flood("HTTP/1.1 200 OK\r\nX: "), .connectionFailed),
    Case(
      "answers rubbish", .answer("\(head)Content-Length: 4\r\n\r\n\u{1}{]["), .invalidDataOrEncoding,
      isCause: false),
    Case(
      "redirects to itself for ever",
      .answer("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), .internalError,
      isCause: false),
  ]

  static func options(
    for code: ErrorInfo.Code, _ adjust: (inout ClientOptions) -> Void
  ) -> ClientOptions {
    var options = ClientOptions()
    options.tls = false
    options.endpoint = "127.0.0.1"
    // Only who waits for ever is cut off by it, however busy this machine is.
    options.httpRequestTimeout = code == .timeout ? .milliseconds(200) : .seconds(60)
    options.realtimeRequestTimeout = .seconds(60)
    adjust(&options)
    return options
  }

  @Test("RSA4e, RSA8c: an auth server", arguments: cases)
  func authServer(row: Case) async throws {
    try await RawServer.run(row.behaviour) { server in
      let client = try RESTClient(
        options: Self.options(for: row.code) { $0.authURL = "http://127.0.0.1:\(server.port)/" },
        transport: nil,
        clock: .system)
      let error = await #expect(throws: ErrorInfo.self) { try await client.auth.authorize() }
      #expect(error?.code == .tokenRequestCallbackFailed)
      #expect(error?.statusCode == 401)
      #expect(error?.cause?.code == (row.isCause ? row.code : nil), "\(error?.description ?? "")")
      #expect(client.auth.tokenDetails == nil)
      #expect(server.requests.count <= 6)
      let good = AuthOptions(authCallback: { _ in .token("t") })
      #expect(try await client.auth.authorize(options: good).token == "t", "it works on")
    }
  }

  @Test("RSC13, RSC15m: a host of the service", arguments: cases)
  func host(row: Case) async throws {
    try await RawServer.run(row.behaviour) { server in
      let client = try RESTClient(
        options: Self.options(for: row.code) {
          $0.token = "t"
          $0.port = server.port
        }, transport: nil, clock: .system)
      for _ in 0..<2 {
        let error = await #expect(throws: ErrorInfo.self) { try await client.channel("c").status() }
        #expect(error?.code == row.code || error?.statusCode == 302, "\(error?.description ?? "")")
      }
    }
  }
}
