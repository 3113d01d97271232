internal import AblyTokens
internal import NIOCore
internal import Testing

@testable internal import AblyService

/// How the requests of one connection follow each other.
@Suite struct HTTPHandlerTests {
  private static let time = "GET /time HTTP/1.1\r\nHost: h\r\n\r\n"

  /// The statuses of all answers, until the server closes.
  private func statuses(_ texts: String..., at address: BoundAddress) async throws -> [String] {
    let answers = try await RawConnection.open(address) { connection in
      for text in texts { try await connection.send(text) }
      return try await connection.rest()
    }
    return answers.matches(of: /HTTP\/1.1 ([0-9]+)/).map { String($0.1) }
  }

  private func publish(_ key: ServiceKey) -> String {
    "POST /channels/a/messages HTTP/1.1\r\nHost: h\r\nAuthorization: \(basic(key)["authorization"] ?? "")\r\n"
      + "Content-Length: 12\r\n\r\n{\"name\":\"x\"}"
  }

  @Test("answers come in the order of the requests, those that are waited for and those that are not")
  func order() async throws {
    try await LoopbackDesk.open { desk in
      let last = "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
      let text = publish(desk.desk.root) + Self.time + "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n"
      let statuses = try await statuses(text + text + last, at: desk.address)
      #expect(statuses == ["201", "200", "404", "201", "200", "404", "200"])
    }
  }

  @Test("nothing is taken after a request that ends the connection")
  func last() async throws {
    try await LoopbackDesk.open { desk in
      for end in ["GET /time HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET /time HTTP/1.0\r\n\r\n"]
      {
        let statuses = try await statuses(Self.time + end + Self.time, at: desk.address)
        #expect(statuses == ["200", "200"])
      }
    }
  }

  @Test("the answer to HEAD has a length and no body")
  func head() async throws {
    try await LoopbackDesk.open { desk in
      let answer = try await RawConnection.open(desk.address) { connection in
        try await connection.send("HEAD /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        return try await connection.rest()
      }
      #expect(answer.hasPrefix("HTTP/1.1 200") && answer.hasSuffix("\r\n\r\n"))
      #expect(answer.contains(#"Content-Length: \#(#"{"status":"ok"}"#.utf8.count)"#))
    }
  }

  @Test("a body that is announced as too large is refused before it comes, and the next request is served")
  func announced() async throws {
    try await LoopbackDesk.open { desk in
      try await RawConnection.open(desk.address) { connection in
        let count = HTTPFront.maximumBodyBytes + 1
        try await connection.send("POST /apps HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n")
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 413"))
        try await connection.send(String(repeating: "x", count: count) + Self.time)
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 200"))
      }
    }
  }

  @Test("what nobody would wait for ends the connection, announced or not")
  func endless() async throws {
    try await LoopbackDesk.open { desk in
      let count = HTTPFront.maximumDrainedBytes + 1
      let announced = "POST /apps HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n"
      let atOnce = try await statuses(announced, at: desk.address)
      let chunk = "100000\r\n\(String(repeating: "x", count: 1 << 20))\r\n"
      let chunked = "POST /apps HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      let all = chunked + String(repeating: chunk, count: 5)
      let late = try await statuses(all, at: desk.address)
      #expect(atOnce == ["413"] && late == ["413"])
    }
  }

  @Test(
    "a whole URL stands for its path",
    arguments: [
      ("http://h/time?x=1", "/time?x=1"), ("https://h", "/"), ("http://h?x=1", "/?x=1"), ("/a://b", "/a://b"),
      ("*", "*"),
    ])
  func target(uri: String, target: String) { #expect(HTTPFront.target(of: uri) == target) }

  @Test("a field is found whatever the case of its name, and joined where it comes again")
  func fields() {
    var fields = HeaderFields(minimumCapacity: 3)
    fields.append("X-One", "1")
    fields.append("x-two", "2")
    fields.append("X-ONE", "3")
    #expect(fields["x-one"] == "1, 3" && fields["x-two"] == "2" && fields["x-on"] == nil)
    // 32 apart, and no letters.
    fields.append("x-[", "4")
    #expect(fields["x-{"] == nil)
    fields["x-one"] = "5"
    #expect(fields["x-one"] == "5")
  }

  @Test(
    "a connection that stands still is told by its last sign, unless it is the service that takes its time")
  func idle() {
    var watch = IdleWatch(limit: .seconds(30), since: Self.second(0))
    watch.lastSign = Self.second(10)
    #expect(watch.nextLook(at: Self.second(30), isWaitedFor: false) == Self.second(40))
    #expect(watch.nextLook(at: Self.second(40), isWaitedFor: true) == Self.second(70))
    #expect(watch.nextLook(at: Self.second(69), isWaitedFor: false) == Self.second(70))
    #expect(watch.nextLook(at: Self.second(70), isWaitedFor: false) == nil)
  }

  private static func second(_ number: Int) -> NIODeadline {
    .uptimeNanoseconds(UInt64(number) * 1_000_000_000)
  }
}
