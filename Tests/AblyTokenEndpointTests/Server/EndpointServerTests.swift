internal import AblyTesting
internal import AblyTokenEndpoint
internal import AblyTokens
internal import AsyncHTTPClient
internal import Foundation
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import ServiceLifecycle
internal import TestSupport
internal import Testing

/// The server, on a free port, for the length of a test.
struct ServedDesk: Sendable {
  let port: Int
  let services: ServiceGroup

  static func run<Result: Sendable>(
    _ desk: Desk, configuration: EndpointServerConfiguration = EndpointServerConfiguration(port: 0),
    metrics: (@Sendable () -> String)? = nil, _ body: (ServedDesk) async throws -> Result
  ) async throws -> Result {
    try await run(desk.endpoint, configuration: configuration, metrics: metrics, body)
  }

  static func run<Result: Sendable>(
    _ endpoint: TokenEndpoint, pages: EndpointPages? = nil,
    configuration: EndpointServerConfiguration = EndpointServerConfiguration(port: 0),
    metrics: (@Sendable () -> String)? = nil, _ body: (ServedDesk) async throws -> Result
  ) async throws -> Result {
    let (ports, announced) = AsyncStream.makeStream(of: Int.self)
    let logger = LogCapture().logger
    let server = try EndpointServer(
      endpoint, pages: pages, configuration: configuration, metrics: metrics, logger: logger
    ) { _, port in announced.yield(port) }
    let services = ServiceGroup(services: [server], logger: LogCapture().logger)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { announced.finish() }
        try await services.run()
      }
      guard let port = await ports.first(where: { _ in true }) else { throw CancellationError() }
      do {
        let result = try await body(ServedDesk(port: port, services: services))
        await services.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return result
      } catch {
        await services.triggerGracefulShutdown()
        throw error
      }
    }
  }

  /// Sends bytes as they are, and gives what comes back until the server closes.
  func exchange(_ text: String) async throws -> String {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(to: .local(port: port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      var answer = ""
      for try await part in inbound { answer += String(buffer: part) }
      return answer
    }
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  func get(_ path: String, token: String? = Login.token()) async throws -> (status: Int, body: String) {
    var request = HTTPClientRequest(url: url(path))
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    let response = try await HTTPClient.local.ask(request)
    let body = try await response.body.collect(upTo: 1 << 20)
    return (Int(response.status.code), String(buffer: body))
  }
}

@Suite struct EndpointServerTests {
  private let credentials = "Authorization: Bearer \(Login.token())\r\n"

  @Test("the endpoint, and the pages beside it")
  func pages() async throws {
    try await ServedDesk.run(try Desk(), metrics: { "figures\n" }) { served in
      let granted = try await served.get("/auth?clientId=bob")
      #expect(granted.status == 200)
      #expect(try TokenRequest(json: granted.body).clientId == "bob")
      #expect(try await served.get("/auth", token: nil).status == 401)
      #expect(try await served.get("/health", token: nil).body == "ok\n")
      #expect(try await served.get("/ready", token: nil).status == 200)
      #expect(try await served.get("/metrics", token: nil).body == "figures\n")
      for path in ["/", "/authx", "/auth/", "/AUTH"] {
        let answer = try await served.get(path)
        #expect(answer.status == 404, "\(path)")
        #expect(answer.body.contains("40400"))
      }
    }
  }

  @Test("a decision that has to be waited for is answered too, and requests keep their order")
  func order() async throws {
    // The policy is a closure, so that each answer takes a turn through a task.
    try await ServedDesk.run(try Desk()) { served in
      let requests = ["bob", "ann", "bob", "eve"].map { name in
        "GET /auth?clientId=\(name) HTTP/1.1\r\nHost: x\r\n\(credentials)\r\n"
      }
      let last = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      let answer = try await served.exchange(requests.joined() + last)
      let statuses = answer.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
      #expect(statuses == ["200", "403", "200", "403", "200"])
      #expect(answer.hasSuffix("ok\n"))
    }
  }

  @Test("a POST in parts, with a promise to wait, and by HTTP/1.0")
  func bodies() async throws {
    try await ServedDesk.run(try Desk()) { served in
      let body = #"{"clientId":"bob"}"#
      let post =
        "POST /auth HTTP/1.1\r\nHost: x\r\n\(credentials)Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n\(body)"
      let answer = try await served.exchange(post)
      #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))
      let chunked =
        "POST /auth HTTP/1.1\r\nHost: x\r\n\(credentials)Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n8\r\n{\"client\r\na\r\nId\":\"bob\"}\r\n0\r\n\r\n"
      #expect(try await served.exchange(chunked).hasPrefix("HTTP/1.1 200 OK"))
      let old = try await served.exchange("GET /auth HTTP/1.0\r\n\(credentials)\r\n")
      #expect(old.hasPrefix("HTTP/1.1 200 OK"))
      #expect(old.contains("Connection: close"))
    }
  }

  @Test("a HEAD is refused without a body, and an offer of another protocol is ignored")
  func oddities() async throws {
    try await ServedDesk.run(try Desk()) { served in
      let head = try await served.exchange("HEAD /auth HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(head.hasPrefix("HTTP/1.1 405"))
      #expect(head.hasSuffix("\r\n\r\n"))
      let upgrade = try await served.exchange(
        "GET /auth HTTP/1.1\r\nHost: x\r\n\(credentials)Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n"
      )
      #expect(upgrade.hasPrefix("HTTP/1.1 200 OK"))
    }
  }

  @Test("what is not HTTP, or too much of it, is refused and the connection closed")
  func hostile() async throws {
    try await ServedDesk.run(try Desk()) { served in
      #expect(try await served.exchange("nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400"))
      let long = String(repeating: "a", count: 40_000)
      #expect(
        try await served.exchange("GET /auth HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n").hasPrefix(
          "HTTP/1.1 400"))
      let body = String(repeating: "a", count: 70_000)
      let large = try await served.exchange(
        "POST /auth HTTP/1.1\r\nHost: x\r\n\(credentials)Content-Length: 70000\r\nConnection: close\r\n\r\n\(body)"
      )
      #expect(large.hasPrefix("HTTP/1.1 413"))
      #expect(large.contains("40009"))
      // The server goes on.
      #expect(try await served.get("/health").status == 200)
    }
  }

  @Test(
    "a connection that stands still is closed", arguments: ["", "GET", "GET /auth HTTP/1.1\r\nHost: x\r\n"])
  func idle(_ start: String) async throws {
    let configuration = EndpointServerConfiguration(port: 0, idleTimeout: .milliseconds(100))
    try await ServedDesk.run(try Desk(), configuration: configuration) { served in
      // It may be closed before the test is done with writing, or with what was written unread.
      let answer = try? await RawClient.run(port: served.port) { client in
        if !start.isEmpty { try await client.send(start) }
        return try await client.rest()
      }
      #expect(answer?.isEmpty != false)
    }
  }

  @Test("the address of the connection is what a gateway is known by")
  func peer() async throws {
    let (near, far) = (try #require(Network("127.0.0.0/8")), try #require(Network("10.0.0.0/8")))
    let callers = try GatewayCallers(header: "X-User", from: [near])
    let others = try GatewayCallers(header: "X-User", from: [far])
    let request =
      "GET /auth HTTP/1.1\r\nHost: x\r\nX-User: ann\r\nX-Forwarded-For: 10.0.0.1\r\nConnection: close\r\n\r\n"
    try await ServedDesk.run(try Desk(callers: [callers])) { served in
      let answer = try await served.exchange(request)
      #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
    }
    try await ServedDesk.run(try Desk(callers: [others])) { served in
      let answer = try await served.exchange(request)
      #expect(answer.hasPrefix("HTTP/1.1 401"))
    }
  }

  @Test("a graceful shutdown answers what has begun, and then is over")
  func shutdown() async throws {
    let gate = AsyncStream.makeStream(of: Void.self)
    let begun = AsyncStream.makeStream(of: Void.self)
    let policy = ClosurePolicy { _, _ in
      begun.continuation.yield()
      for await _ in gate.stream { break }
      return .refuse("at last")
    }
    try await ServedDesk.run(try Desk(policy: policy)) { served in
      async let answer = served.exchange("GET /auth HTTP/1.1\r\nHost: x\r\n\(credentials)\r\n")
      for await _ in begun.stream { break }
      await served.services.triggerGracefulShutdown()
      gate.continuation.finish()
      let text = try await answer
      #expect(text.contains("at last"))
    }
  }

  @Test("a path, port or certificate that cannot be is refused before anything listens")
  func configuration() throws {
    let endpoint = try Desk().endpoint
    for configuration in [
      EndpointServerConfiguration(port: 70_000), EndpointServerConfiguration(path: "auth"),
      EndpointServerConfiguration(path: "/a?b"), EndpointServerConfiguration(path: "/a b"),
      EndpointServerConfiguration(tls: ("/nowhere", "/nowhere")),
    ] {
      #expect(throws: ErrorInfo.self) { try EndpointServer(endpoint, configuration: configuration) }
    }
  }
}
