#if Postgres
  internal import AblyTokens
  internal import Foundation
  internal import TestSupport

  /// `ably-auth local --postgres`, in a process of its own.
  struct Node: Sendable {
    static let key = "demo00.key000:only-for-this-machine"

    let url: String
    let port: Int
    private let process: ChildProcess

    // The tests and the tool are built into the same folder.
    private static let tool = Bundle.main.bundleURL.resolvingSymlinksInPath().appending(path: "ably-auth")

    static func start(_ postgres: OwnPostgres, _ arguments: [String] = []) async throws -> Node {
      let output = Pipe()
      let process = try ChildProcess(
        tool,
        ["local", "--port", "0", "--json", "--revocable-key", key, "--postgres", postgres.url] + patience
          + arguments,
        standardOutput: .pipe(output))
      let ready = try JSONValue(parsing: await output.firstLine())
      let port = ready["port"]?.number?.int64.flatMap(Int.init(exactly:)) ?? 0
      return Node(url: "http://127.0.0.1:\(port)", port: port, process: process)
    }

    /// `kill -9`.
    func endAtOnce() { process.signal(SIGKILL) }

    /// SIGTERM, and its end.
    func stop() async { await process.stop() }

    func send(
      _ method: String, _ path: String, _ body: [UInt8]? = nil, authorization: String? = nil
    ) async throws -> ServiceAnswer {
      try await ServiceAnswer(method, url + path, body, authorization: authorization)
    }

    func exchange(_ request: TokenRequest) async throws -> ServiceAnswer {
      try await send("POST", "/keys/\(request.keyName)/requestToken", request.jsonUTF8)
    }

    /// Waits until it may be sent clients, as a balancer does.
    func awaitReadiness() async throws {
      try await until(try await send("GET", "/ready").status == 200)
    }

    /// Exchanges a request that nobody has seen.
    func exchangeFresh() async throws -> ServiceAnswer { try await exchange(.fresh()) }

    func use(_ token: String) async throws -> ServiceAnswer {
      try await send("GET", "/channels/c/messages", authorization: "Bearer \(token)")
    }

    /// Publishes over HTTP, with the key.
    func publish(_ message: JSONValue, to channel: String = "a") async throws -> ServiceAnswer {
      try await send("POST", "/channels/\(channel)/messages", message.utf8, authorization: Self.basic)
    }

    func get(_ path: String) async throws -> ServiceAnswer {
      try await send("GET", path, authorization: Self.basic)
    }

    private static let basic = "Basic \(Base64.standard.encode(key.utf8))"

    /// Lets something happen, at a node that was started with `--admin`.
    func act(_ action: JSONValue) async throws -> ServiceAnswer {
      try await send("POST", "/admin/actions", action.utf8)
    }

    func revoke(clientId: String) async throws -> ServiceAnswer {
      let body: JSONValue = ["targets": [.string("clientId:\(clientId)")]]
      return try await send(
        "POST", "/keys/demo00.key000/revokeTokens", body.utf8,
        authorization: Self.basic)
    }
  }

  extension TokenRequest {
    /// A request of the nodes' key, signed now.
    static func fresh(clientId: String? = nil, at date: Date = Date()) throws -> TokenRequest {
      try TokenRequestSigner(key: APIKey(Node.key)).sign(TokenParams(clientId: clientId), at: date)
    }
  }
#endif
