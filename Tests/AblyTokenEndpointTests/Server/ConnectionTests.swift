internal import AblyTokens
internal import HTTPTypes
internal import NIOCore
internal import ServiceLifecycle
internal import TestSupport
internal import Testing

@testable internal import AblyTokenEndpoint

/// What a connection that does not go the usual way may cost.
@Suite struct ConnectionTests {
  private let credentials = "Authorization: Bearer \(Login.token())\r\n"
  /// So long that nothing here ends by it.
  private let patient = EndpointServerConfiguration(port: 0, idleTimeout: .seconds(86_400))

  @Test("who asks and does not read is answered no further than what is on its way")
  func backPressure() async throws {
    let size = 256 * 1024
    let page = String(repeating: "x", count: size)
    let counts = Mutexed((asked: 0, read: 0, most: 0))
    let metrics: @Sendable () -> String = {
      counts.withLock { counts in
        counts.asked += 1
        counts.most = max(counts.most, counts.asked - counts.read)
      }
      return page
    }
    try await ServedDesk.run(try Desk(), configuration: patient, metrics: metrics) { served in
      try await RawClient.run(port: served.port) { client in
        let requests = 400
        try await client.send(String(repeating: "GET /metrics HTTP/1.1\r\n\r\n", count: requests))
        var bytes = 0
        while bytes < requests * size, let part = try await client.next() {
          bytes += part.utf8.count
          counts.withLock { [bytes] in $0.read = bytes / (size + 1024) }
        }
        #expect(bytes >= requests * size)
      }
    }
    #expect(counts.withLock { $0.asked } == 400)
    // What the two sockets hold, at most, and not what was asked for.
    #expect(counts.withLock { $0.most } < 100)
  }

  @Test("a request that has begun to arrive when the server is shut down is answered")
  func begun() async throws {
    try await ServedDesk.run(try Desk(), configuration: patient) { served in
      let body = "clientId=bob"
      let (answer, other) = try await RawClient.run(port: served.port) { idle in
        try await idle.send("GET /health HTTP/1.1\r\n\r\n")
        _ = try await idle.next()
        let answer = try await RawClient.run(port: served.port) { client in
          try await client.send(
            "POST /auth HTTP/1.1\r\nHost: x\r\n\(credentials)Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n"
          )
          let goOn = try await client.next()
          #expect(goOn == "HTTP/1.1 100 Continue\r\n\r\n")
          await served.services.triggerGracefulShutdown()
          // The connection on which nothing has begun is closed.
          #expect(try await idle.next() == nil)
          try await client.send(body)
          return try await client.rest()
        }
        return (answer, try await idle.rest())
      }
      #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
      #expect(other.isEmpty)
    }
  }

  @Test("the connection is closed after the last answer, whatever has begun to arrive behind it")
  func closed() async throws {
    let begun = "POST /auth HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
    try await ServedDesk.run(try Desk(), configuration: patient) { served in
      let answer = try await served.exchange("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n" + begun)
      #expect(answer.hasSuffix("ok\n"))
    }
  }

  @Test("requests that wait behind another one are answered before a shutdown ends the connection")
  func queued() async throws {
    let gate = AsyncStream.makeStream(of: Void.self)
    let begun = AsyncStream.makeStream(of: Void.self)
    let policy = ClosurePolicy { _, _ in
      begun.continuation.yield()
      for await _ in gate.stream { break }
      return .refuse("at last")
    }
    try await ServedDesk.run(try Desk(policy: policy), configuration: patient) { served in
      let request = "GET /auth HTTP/1.1\r\nHost: x\r\n\(credentials)\r\n"
      let text = try await RawClient.run(port: served.port) { idle in
        try await idle.send("GET /health HTTP/1.1\r\n\r\n")
        _ = try await idle.next()
        async let answer = served.exchange(request + request)
        for await _ in begun.stream { break }
        await served.services.triggerGracefulShutdown()
        // The connection on which nothing has begun is closed.
        #expect(try await idle.next() == nil)
        gate.continuation.finish()
        return try await answer
      }
      #expect(text.split(separator: "at last").count == 3)
    }
  }

  @Test("what is refused before it is whole is a decision too: a record, and an answer that a page may read")
  func refusedEarly() async throws {
    let desk = try Desk(origins: ["https://app.example"])
    try await ServedDesk.run(desk, configuration: patient) { served in
      let body = String(repeating: "a", count: 70_000)
      let large = try await served.exchange(
        "POST /auth HTTP/1.1\r\nHost: x\r\nOrigin: https://app.example\r\nContent-Length: 70000\r\nConnection: close\r\n\r\n\(body)"
      )
      #expect(large.hasPrefix("HTTP/1.1 413"))
      #expect(
        large.contains("access-control-allow-origin: https://app.example\r\n")
          || large.contains("Access-Control-Allow-Origin: https://app.example\r\n"))
      let malformed = try await served.exchange("nonsense\r\n\r\n")
      #expect(malformed.hasPrefix("HTTP/1.1 400"))
      #expect(malformed.contains(#""code":40000"#))
      #expect(malformed.contains("no-store"))
    }
    #expect(desk.audit.lines.contains(#""status":413"#))
    #expect(desk.audit.lines.contains(#""status":400"#))
    #expect(desk.audit.records.allSatisfy { $0.peer?.description == "127.0.0.1" })
  }

  @Test("more connections than are allowed are closed at once, and there is room again when one has gone")
  func tooMany() async throws {
    var configuration = patient
    configuration.maximumConnections = 1
    try await ServedDesk.run(try Desk(), configuration: configuration) { served in
      let request = "GET /health HTTP/1.1\r\n\r\n"
      try await RawClient.run(port: served.port) { first in
        try await first.send(request)
        #expect(try await first.next()?.hasSuffix("ok\n") == true)
        let second = try await RawClient.run(port: served.port) { try await $0.next() }
        #expect(second == nil)
        try await first.send(request)
        #expect(try await first.next()?.hasSuffix("ok\n") == true)
      }
      // The server learns in its own time that the first has gone.
      var answer: String?
      while answer == nil {
        answer = try? await RawClient.run(port: served.port) { third in
          try await third.send(request)
          return try await third.next()
        }
      }
      #expect(answer?.hasSuffix("ok\n") == true)
    }
  }

  @Test("peers are counted by their address, or their network of version 6; this machine is not")
  func counted() throws {
    var count = ConnectionCount(most: 6, mostOfPeer: 2)
    func peer(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
    for (text, isAdmitted) in [
      ("10.0.0.1", true), ("10.0.0.1", true), ("10.0.0.1", false), ("::ffff:10.0.0.1", false),
      ("2001:db8::1", true), ("2001:db8::2", true), ("2001:db8::3", false), ("127.0.0.1", true),
      ("::1", true),
      ("127.0.0.1", false), ("10.0.0.2", false),
    ] { #expect(try count.admit(peer(text)) == isAdmitted, "\(text)") }
    count.leave(try peer("10.0.0.1"))
    #expect(try count.admit(peer("10.0.0.1")))
    #expect(count.total == 6)
  }

  @Test("an app can tell by which host name it was asked")
  func authority() async throws {
    let callers = ClosureCallers { Caller(subject: $0.authority ?? "none", way: "closure") }
    try await ServedDesk.run(try Desk(callers: [callers]), configuration: patient) { served in
      for name in ["Host", "host", "HOST"] {
        let answer = try await served.exchange(
          "GET /auth HTTP/1.1\r\n\(name): eu.app.example\r\nConnection: close\r\n\r\n")
        #expect(answer.contains(#""clientId":"eu.app.example""#))
      }
    }
    let request = HTTPRequest(method: .get, scheme: "https", authority: "eu.app.example", path: "/")
    #expect(EndpointRequest(request).authority == "eu.app.example")
  }

  @Test("an app that looks at header fields sees all of them, however they are spelt")
  func fields() async throws {
    let callers = ClosureCallers { request in
      let names = [HTTPField.Name.userAgent, .accept, .acceptEncoding]
      let seen = names.compactMap { request.headerFields[$0] }.joined(separator: "-")
      return Caller(subject: seen, way: "closure")
    }
    let desk = try Desk(callers: [callers])
    try await ServedDesk.run(desk, configuration: patient) { served in
      for line in [
        "User-Agent: a\r\nAccept: b\r\nAccept-Encoding: c",
        "user-agent: a\r\nACCEPT: b\r\naccept-encoding: c",
      ] {
        let answer = try await served.exchange(
          "GET /auth HTTP/1.1\r\nHost: x\r\n\(line)\r\nConnection: close\r\n\r\n")
        #expect(answer.contains(#""clientId":"a-b-c""#), "\(line)")
      }
    }
  }
}
