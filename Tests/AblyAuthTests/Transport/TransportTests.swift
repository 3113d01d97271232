internal import AblyAuth
internal import AblyTokens
internal import HTTPTypes
internal import NIOCore
internal import NIOPosix
internal import TestSupport
internal import Testing

@Suite("async-http-client as a transport")
struct TransportTests {
  let transport = AsyncHTTPClientTransport(openTimeout: .seconds(60))
  static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\n\r\nok"

  func send(
    _ request: HTTPRequest? = nil, to port: Int, scheme: String = "http", path: String = "/x",
    body: [UInt8] = [],
    timeout: Duration = .seconds(60), limit: Int = 1000
  ) async throws(HTTPFailure) -> HTTPReply {
    let request =
      request
      ?? HTTPRequest(
        method: body.isEmpty ? .get : .post, scheme: scheme, authority: "127.0.0.1:\(port)", path: path,
        headerFields: [.authorization: "Basic abc"])
    return try await transport.send(
      request, body: body, limits: HTTPLimits(timeout: timeout, maximumBodySize: limit))
  }

  @Test("what is sent arrives as it is, and the answer comes back whole, over one connection")
  func exchange() async throws {
    try await RawServer.run(.answer(Self.ok)) { server in
      let reply = try await send(to: server.port, path: "/a%2Fb%25%20c/../d?x=%2F&y=a%3Db")
      #expect(reply.response.status.code == 200)
      #expect(reply.body == Array("ok".utf8))
      #expect(HTTPField.Name("X-A").map { reply.response.headerFields[values: $0] } == ["1", "2"])
      _ = try await send(to: server.port, body: Array("héllo".utf8))
      let lines = server.requests[0].split(separator: "\r\n")
      #expect(lines[0] == "GET /a%2Fb%25%20c/../d?x=%2F&y=a%3Db HTTP/1.1")
      #expect(lines.contains("host: 127.0.0.1:\(server.port)"))
      #expect(lines.contains("Authorization: Basic abc"))
      #expect(server.requests[1].hasPrefix("POST /x HTTP/1.1\r\n"))
      #expect(server.requests[1].hasSuffix("\r\n\r\nhéllo"))
      #expect(server.connections == 1)
    }
  }

  @Test("no redirect is followed")
  func redirect() async throws {
    let answer = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    try await RawServer.run(.answer(answer)) { server in
      let reply = try await send(to: server.port)
      #expect(reply.response.status.code == 302)
      #expect(server.requests.count == 1)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let behaviour: RawServer.Behaviour
    let reason: HTTPFailure.Reason

    init(_ what: String, _ behaviour: RawServer.Behaviour, _ reason: HTTPFailure.Reason) {
      testDescription = what
      self.behaviour = behaviour
      self.reason = reason
    }
  }

  static func flood(_ part: String) -> String { String(repeating: part, count: 50_000) }

  static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  static let misbehaviour = [
    Case("RSC13: never answers", .hang(""), .timedOut),
    Case("RSC13: never ends its head", .hang("HTTP/1.1 200 OK\r\nX: y\r\n"), .timedOut),
    Case("RSC13: never ends its body", .hang("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .timedOut),
    Case("hangs up", .hangUp(""), .broken),
    Case("hangs up in its body", .hangUp("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .broken),
    Case("speaks another protocol", .answer("SSH-2.0-OpenSSH_9.2\r\n"), .malformed),
    Case("sends a broken head", .answer("HTTP/1.1 2x0 OK\r\n\r\n"), .malformed),
    Case("announces too much", .hang("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"), .tooLarge),
    Case("sends too much", .hang(chunked + flood("5\r\nhello\r\n")), .tooLarge),
    Case("floods its head", .hang("HTTP/1.1 200 OK\r\n" + flood("X: y\r\n")), .malformed),
  ]

  @Test("a peer that misbehaves ends in a failure, in bounded time and memory", arguments: misbehaviour)
  func hostile(_ peer: Case) async throws {
    try await RawServer.run(peer.behaviour) { server in
      let isSlow = peer.reason == .timedOut
      let failure = await #expect(throws: HTTPFailure.self) {
        try await send(to: server.port, timeout: isSlow ? .milliseconds(100) : .seconds(60))
      }
      #expect(failure?.reason == peer.reason, "\(failure?.detail ?? "")")
      #expect(server.connections <= 1, "nothing is repeated")
    }
  }

  @Test("TLS towards a port without it")
  func noTLS() async throws {
    try await RawServer.run(.answer("HTTP/1.1 400 Bad Request\r\n\r\n")) { server in
      let failure = await #expect(throws: HTTPFailure.self) {
        try await send(to: server.port, scheme: "https")
      }
      #expect(failure?.reason == .tls, "\(failure?.detail ?? "")")
      #expect(server.connections == 1, "a rejected connection must not be tried again")
    }
  }

  @Test("nobody listens")
  func refused() async throws {
    try await withRefusingPort { port in
      let failure = await #expect(throws: HTTPFailure.self) { try await send(to: port) }
      #expect(failure?.reason == .refused, "\(failure?.detail ?? "")")
    }
  }

  @Test("a cancelled task ends while the peer hangs")
  func cancelled() async throws {
    let gate = Gate()
    try await RawServer.run(.hang(""), onRequest: { Task { await gate.pass() } }) { server in
      let task = Task { () async -> HTTPFailure.Reason? in
        do throws(HTTPFailure) {
          _ = try await send(to: server.port)
          return nil
        } catch {
          return error.reason
        }
      }
      await gate.arrivals(1)
      task.cancel()
      #expect(await task.value == .cancelled)
      gate.open()
    }
  }

  static let unsendable = [
    HTTPRequest(method: .get, scheme: "http", authority: "", path: "/"),
    HTTPRequest(method: .get, scheme: "ftp", authority: "127.0.0.1", path: "/"),
    HTTPRequest(method: .get, scheme: "http", authority: "a b", path: "/"),
  ]

  @Test("a request that is none is a failure, never a trap", arguments: unsendable)
  func unsent(request: HTTPRequest) async {
    let failure = await #expect(throws: HTTPFailure.self) { try await send(request, to: 1) }
    #expect(failure?.reason == .invalidRequest, "\(failure?.detail ?? "")")
  }

  @Test("limits beyond what fits are no trap", arguments: [-1, .max])
  func limits(limit: Int) async throws {
    try await RawServer.run(.answer(Self.ok)) { server in
      _ = try? await send(to: server.port, timeout: .seconds(Int64.max), limit: limit)
    }
  }

  @Test("a transport that is let go closes its connections")
  func letGo() async throws {
    let own = Mutexed<AsyncHTTPClientTransport?>(AsyncHTTPClientTransport(openTimeout: .seconds(60)))
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let port = listener.channel.localAddress?.port ?? 0
    let reply = Task {
      try await own.withLock { $0 }?.send(
        HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:\(port)", path: "/"), body: [],
        limits: HTTPLimits(timeout: .seconds(60), maximumBodySize: 100))
    }
    try await listener.executeThenClose { inbound in
      for try await connection in inbound {
        try await connection.executeThenClose { inbound, outbound in
          var parts = inbound.makeAsyncIterator()
          _ = try await parts.next()
          try await outbound.write(ByteBuffer(string: Self.ok))
          let status = try await reply.value?.response.status.code
          #expect(status == 200)
          own.withLock { $0 = nil }
          let afterwards = try await parts.next()
          #expect(afterwards == nil)
        }
        return
      }
    }
  }
}
