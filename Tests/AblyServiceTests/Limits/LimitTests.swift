internal import AblyTokens
internal import NIOCore
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// Over a real socket on this machine. The server's limits are short; no test waits for a time, each waits
/// for the server to close.
@Suite(.endsAtLast) struct LimitTests {
  private static let short: Duration = .milliseconds(50)
  private static let get = "GET /time HTTP/1.1\r\nHost: h\r\n\r\n"

  private func withServer(
    _ change: (inout ServerConfiguration) -> Void, _ body: (LoopbackDesk) async throws -> Void
  ) async throws {
    let desk = try Desk()
    var configuration = ServerConfiguration(port: 0)
    change(&configuration)
    try await withAblyServer(core: desk.core, configuration: configuration) {
      try await body(LoopbackDesk(desk: desk, address: $0))
    }
  }

  /// What comes until the server closes; a reset is as good an end.
  private func answer(to text: String, at desk: LoopbackDesk) async -> String {
    let answer = try? await RawConnection.open(desk.address) { connection in
      if !text.isEmpty { try await connection.send(text) }
      return try await connection.rest()
    }
    return answer ?? ""
  }

  /// On a busy machine even a decent request may miss so short a limit: it is tried again, not waited for.
  private func tryOften(_ attempt: () async throws -> Void) async {
    for _ in 0..<200 where (try? await attempt()) != nil { return }
    Issue.record("no attempt went well")
  }

  @Test(
    "a connection whose first request does not come, or drips in, is closed",
    arguments: ["", "G", "GET /time HTTP/1.1\r\nHost: h\r\nX: "])
  func firstRequest(beginning: String) async throws {
    try await withServer {
      $0.limits.firstRequestTimeout = Self.short
    } _: { desk in
      let answer = await answer(to: beginning, at: desk)
      #expect(answer == "")
    }
  }

  @Test("RFC 9110, 10.1.1: a client that waits to be told so is told to go on, unless its body is too large")
  func goesOn() async throws {
    try await withServer {
      $0.limits.bodyBytes = 1000
    } _: { desk in
      let head = "POST /apps HTTP/1.1\r\nHost: localhost\r\nExpect: 100-Continue\r\nContent-Length:"
      try await RawConnection.open(desk.address) { connection in
        try await connection.send("\(head) 2\r\n\r\n")
        #expect(try await connection.answer() == "HTTP/1.1 100 Continue\r\n\r\n")
        try await connection.send("{}")
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 201 Created\r\n"))
        try await connection.send("\(head) 1001\r\n\r\n")
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 413 "))
      }
    }
  }

  @Test(
    "what is not HTTP, or has too large a head, is answered and its connection closed, long before its time is over",
    arguments: [
      "nonsense\r\n\r\n", "GET /time HTTP/1.1\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n",
    ])
  func closedAtOnce(request: String) async throws {
    try await withServer {
      $0.limits.firstRequestTimeout = .seconds(3600)
      $0.limits.closingTime = .seconds(3600)
      $0.idleTimeout = .seconds(3600)
    } _: { desk in
      let answer = await answer(to: request, at: desk)
      #expect(answer.hasPrefix("HTTP/1.1 400"))
      try await until(desk.desk.core.metrics.counts.sockets == 0)
    }
  }

  @Test("a client that does not close its end after such an answer is cut off")
  func deafToRefusal() async throws {
    try await withServer {
      $0.limits.firstRequestTimeout = .seconds(3600)
      $0.limits.closingTime = Self.short
    } _: { desk in
      try await RawConnection.open(desk.address, keepsEnd: true) { connection in
        try await connection.send("nonsense\r\n\r\n")
        #expect(try await connection.rest().hasPrefix("HTTP/1.1 400"))
        try await until(desk.desk.core.metrics.counts.sockets == 0)
      }
    }
  }

  @Test("a connection that has authenticated in time goes on after it")
  func inTime() async throws {
    try await withServer {
      $0.limits.firstRequestTimeout = Self.short
    } _: { desk in
      await tryOften {
        try await RawConnection.open(desk.address) { connection in
          try await connection.send(Self.get)
          _ = try await connection.answer()
          // Another one has by then been closed for its silence.
          _ = await answer(to: "", at: desk)
          try await connection.send(Self.get)
          let second = try await connection.answer()
          #expect(second.hasPrefix("HTTP/1.1 200"))
        }
      }
    }
  }

  @Test(
    "a request whose body does not end in time is cut off",
    arguments: ["Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"])
  func slowBody(rest: String) async throws {
    try await withServer {
      $0.limits.requestTimeout = Self.short
    } _: { desk in
      let answer = await answer(
        to: "POST /channels/x/messages HTTP/1.1\r\nHost: h\r\n\(rest)", at: desk)
      #expect(answer == "")
    }
  }

  @Test("a body that drips in steadily is cut off all the same")
  func drippingBody() async throws {
    try await withServer {
      $0.limits.requestTimeout = Self.short
    } _: { desk in
      try await RawConnection.open(desk.address) { connection in
        try await connection.send("POST /time HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        // Until the server has had enough: writing then fails, long before the body is too large to be read.
        var count = 0
        while (try? await connection.send("1\r\na\r\n")) != nil, count < HTTPFront.maximumDrainedBytes {
          count += 1
          await Task.yield()
        }
        #expect(count < HTTPFront.maximumDrainedBytes)
      }
    }
  }

  @Test("who does not read an answer is cut off")
  func unreadAnswer() async throws {
    try await withServer {
      $0.limits.responseTimeout = Self.short
      $0.limits.firstRequestTimeout = Self.short
    } _: { desk in
      let data = JSONValue.string(String(repeating: "x", count: 60_000))
      for _ in 0..<250 { _ = await desk.desk.publish(["data": data], to: "a", as: basic(desk.desk.root)) }
      // 15 MB, more than the kernel takes for one who does not read.
      let key = Base64.standard.encode(desk.desk.root.key.revealed().utf8)
      await tryOften {
        try await RawConnection.open(desk.address) { connection in
          try await connection.send(
            "GET /channels/a/messages?limit=1000 HTTP/1.1\r\nHost: h\r\nAuthorization: Basic \(key)\r\n\r\n")
          // Not before the server has given up on it.
          repeat {
            // Another one, that says nothing, is closed for that: so the time is not waited for here.
            _ = await self.answer(to: "", at: desk)
          } while desk.desk.core.metrics.counts.sockets > 0
          let answer = (try? await connection.rest()) ?? ""
          #expect(answer.utf8.count < 15_000_000)
        }
      }
    }
  }

  @Test("an idle connection is closed")
  func idle() async throws {
    try await withServer {
      $0.idleTimeout = Self.short
    } _: { desk in
      await tryOften {
        try await RawConnection.open(desk.address) { connection in
          try await connection.send(Self.get)
          let answer = try await connection.rest()
          guard answer.hasPrefix("HTTP/1.1 200") else { throw RawConnection.Closed() }
        }
      }
    }
  }

  @Test("sockets beyond the number of an address are closed at once, and counted")
  func perAddress() async throws {
    try await withServer {
      $0.limits.connectionsPerAddress = 2
      $0.limits.countsLoopback = true
      // The first two say nothing for a while.
      $0.limits.firstRequestTimeout = .seconds(3600)
    } _: { desk in
      try await RawConnection.open(desk.address) { first in
        try await RawConnection.open(desk.address) { second in
          for _ in 0..<3 {
            do {
              try await RawConnection.open(desk.address) { third in
                let answer = try await third.rest()
                #expect(answer == "")
              }
            } catch ChannelError.ioOnClosedChannel {
              // Closed before this side was done with opening it.
            }
          }
          try await first.send(Self.get)
          #expect(try await first.answer().hasPrefix("HTTP/1.1 200"))
          try await second.send(Self.get)
          #expect(try await second.answer().hasPrefix("HTTP/1.1 200"))
        }
      }
      #expect(desk.desk.core.metrics.counts.socketsRefused == 3)
    }
  }

  @Test("hundreds of half-open connections take all places, are closed, and give them back")
  func halfOpen() async throws {
    try await withServer {
      $0.limits.connections = 200
      $0.limits.firstRequestTimeout = Self.short
    } _: { desk in
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for index in 0..<400 {
          tasks.addTask {
            // Closed by the server, sooner or later; a reset is as good.
            try? await RawConnection.open(desk.address) { connection in
              if index.isMultiple(of: 2) { try await connection.send("GET /ti") }
              _ = try await connection.rest()
            }
          }
        }
        try await tasks.waitForAll()
      }
      await tryOften {
        let health = try await desk.send("GET", "/health").status
        #expect(health == 200)
      }
    }
  }

  @Test("the sizes of header and body are those that were configured")
  func sizes() async throws {
    try await withServer {
      $0.limits.headerBytes = 1024
      $0.limits.bodyBytes = 100
    } _: { desk in
      let headers = basic(desk.desk.root)
      let fitting = try await desk.send(
        "POST", "/channels/x/messages", body: Array(#"{"name":"x"}"#.utf8), headers: headers)
      #expect(fitting.status == 201)
      let body = [UInt8](repeating: UInt8(ascii: " "), count: 101)
      let large = try await desk.send("POST", "/channels/x/messages", body: body, headers: headers)
      #expect(large.status == 413 && large.errorCode == "40009")
      try await RawConnection.open(desk.address) { connection in
        let long = String(repeating: "a", count: 2000)
        try await connection.send("GET /time HTTP/1.1\r\nHost: h\r\nX: \(long)\r\n\r\n")
        #expect(try await connection.rest().hasPrefix("HTTP/1.1 400"))
      }
    }
  }

  @Test("the depth of bodies is the one that was configured, in both formats")
  func depth() async throws {
    try await withServer {
      $0.limits.depth = 4
    } _: { desk in
      let headers = basic(desk.desk.root)
      func publish(_ depth: Int, packed: Bool) async throws -> Int {
        let inner = packed ? [UInt8](repeating: 0x91, count: depth - 1) + [0x01] : []
        let text =
          String(repeating: "[", count: depth - 1) + "1" + String(repeating: "]", count: depth - 1)
        let body = packed ? [0x81, 0xA1, 0x78] + inner : Array(#"{"x":\#(text)}"#.utf8)
        let type = packed ? "application/x-msgpack" : "application/json"
        return try await desk.send(
          "POST", "/channels/x/messages", body: body,
          headers: headers.merging(["Content-Type": type]) { $1 }
        ).status
      }
      for packed in [true, false] {
        let (fitting, deeper) = (
          try await publish(4, packed: packed), try await publish(5, packed: packed)
        )
        #expect(fitting == 201 && deeper == 400)
      }
    }
  }
}
