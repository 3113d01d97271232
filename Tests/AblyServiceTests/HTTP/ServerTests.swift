internal import AblyTokens
internal import Testing

@testable internal import AblyService

/// Over a real socket on this machine.
@Suite struct ServerTests {
  @Test("RSC16: the time, in exactly application/json")
  func time() async throws {
    try await LoopbackDesk.open { desk in
      let answer = try await desk.send("GET", "/time")
      #expect(answer.status == 200)
      #expect(answer.contentType == ["application/json"])
      #expect(answer.json == [.number(JSONNumber(Desk.start))])
    }
  }

  @Test("RSA8e: a signed request becomes a token, the token a message, the message history")
  func story() async throws {
    try await LoopbackDesk.open { desk in
      let request = try TokenRequestSigner(key: desk.desk.root.key).sign(
        TokenParams(capability: ["chat:*": [.publish, .history]], clientId: "bob"), at: desk.desk.clock.date)
      let granted = try await desk.send(
        "POST", "/keys/appOne.keyRoot/requestToken", body: request.jsonUTF8,
        headers: ["Content-Type": "application/json"])
      #expect(granted.status == 201)
      let token = try TokenDetails(json: #require(granted.json)).token

      let published = try await desk.send(
        "POST", "/channels/chat%3Alobby/messages", body: Array(#"{"name":"hi","data":"there"}"#.utf8),
        headers: bearer(token))
      #expect(published.status == 201)
      let history = try await desk.send("GET", "/channels/chat:lobby/messages", headers: bearer(token))
      #expect(history.json?.array?.first?["clientId"] == "bob")
      #expect(history.json?.array?.first?["data"] == "there")

      let refused = try await desk.send(
        "POST", "/channels/admin:audit/messages", body: Array("{}".utf8), headers: bearer(token))
      #expect(refused.status == 401)
      #expect(refused.errorCode == "40160")
      #expect(refused.json?["error"]?["code"] == 40160)
    }
  }

  @Test("RSC18: from this machine a key is taken over plain HTTP")
  func basicOnLoopback() async throws {
    try await LoopbackDesk.open { desk in
      let answer = try await desk.send("GET", "/channels/x", headers: basic(desk.desk.root))
      #expect(answer.status == 200)
    }
  }

  @Test("a body that is too large is 413, whether its length was declared or not", arguments: [1, 2_000_000])
  func tooLarge(excess: Int) async throws {
    try await LoopbackDesk.open { desk in
      let body = [UInt8](repeating: UInt8(ascii: " "), count: HTTPFront.maximumBodyBytes + excess)
      let answer = try await desk.send(
        "POST", "/channels/x/messages", body: body, headers: basic(desk.desk.root))
      #expect(answer.status == 413)
      #expect(answer.json?["error"]?["code"] == 40009)

      try await RawConnection.open(desk.address) { connection in
        try await connection.send(
          "POST /channels/x/messages HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        try await connection.send(
          "\(String(body.count, radix: 16))\r\n\(String(decoding: body, as: UTF8.self))\r\n0\r\n\r\n")
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 413"))
      }
    }
  }

  @Test("a body of the largest size is read, and refused for what it says")
  func largest() async throws {
    try await LoopbackDesk.open { desk in
      let body = [UInt8](repeating: UInt8(ascii: " "), count: HTTPFront.maximumBodyBytes)
      let answer = try await desk.send(
        "POST", "/channels/x/messages", body: body, headers: basic(desk.desk.root))
      #expect(answer.status == 400)
    }
  }

  @Test("a declared length that nobody waits for is answered at once, and the connection cut")
  func endless() async throws {
    try await LoopbackDesk.open { desk in
      try await RawConnection.open(desk.address) { connection in
        try await connection.send(
          "POST /channels/x/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n")
        #expect(try await connection.rest().hasPrefix("HTTP/1.1 413"))
      }
    }
  }

  @Test(
    "Upgrade: h2c is ignored; the connection ends, for NIO reads nothing further from it",
    arguments: [("GET /time", "200"), ("POST /keys/appOne.keyRoot/requestToken", "400")])
  func upgrade(line: String, status: String) async throws {
    try await LoopbackDesk.open { desk in
      try await RawConnection.open(desk.address) { connection in
        try await connection.send(
          "\(line) HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 2\r\n\r\n[]")
        let answer = try await connection.rest().lowercased()
        #expect(answer.hasPrefix("http/1.1 \(status)"))
        #expect(answer.contains("\r\nconnection: close\r\n"))
      }
    }
  }

  @Test(
    "what is no handshake for a WebSocket is a request like any other, the last of its connection",
    arguments: [
      ("", "GET /time HTTP/1.1\r\nHost: h\r\n\r\n"),
      ("Connection: keep-alive\r\n", "GET /time HTTP/1.1\r\nHost: h\r\n\r\n"),
      ("Connection: Upgrade\r\nContent-Length: 5\r\n", "12345"),
      ("Connection: Upgrade\r\nTransfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\n\r\n"),
    ], [false, true])
  func noHandshake(_ rest: (fields: String, behind: String), isLater: Bool) async throws {
    try await LoopbackDesk.open { desk in
      try await RawConnection.open(desk.address) { connection in
        try await connection.send(
          (isLater ? "GET /time HTTP/1.1\r\nHost: h\r\n\r\n" : "")
            + "GET /?key=\(desk.desk.root.key.revealed()) HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(rest.fields)\r\n"
            + rest.behind)
        let answers = try await connection.rest()
        let statuses = answers.matches(of: /HTTP\/1.1 ([0-9]+)/).map { String($0.output.1) }
        #expect(statuses == (isLater ? ["200", "404"] : ["404"]))
      }
    }
  }

  @Test(
    "a request behind a handshake is taken for bytes of the WebSocket, and ends that alone",
    arguments: [false, true])
  func behindHandshake(isLater: Bool) async throws {
    try await LoopbackDesk.open { desk in
      try await RawConnection.open(desk.address) { connection in
        let time = "GET /time HTTP/1.1\r\nHost: h\r\n\r\n"
        // So many that what is taken for a frame is whole.
        let behind = String(repeating: time, count: 20)
        try await connection.send(
          (isLater ? time : "") + "GET /?key=\(desk.desk.root.key.revealed()) HTTP/1.1\r\nHost: h\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\(behind)")
        let answers = try await connection.rest()
        let statuses = answers.matches(of: /HTTP\/1.1 ([0-9]+)/).map { String($0.output.1) }
        #expect(statuses == (isLater ? ["200", "101"] : ["101"]))
      }
    }
  }

  @Test("an app that is made is told where the service listens")
  func appAddress() async throws {
    try await LoopbackDesk.open { desk in
      let answer = try await desk.send(
        "POST", "/apps", body: Array("{}".utf8), headers: ["Content-Type": "application/json"])
      #expect(answer.status == 201)
      #expect(answer.json?["endpoint"]?.string == desk.address.host)
      #expect(answer.json?["port"]?.number?.int64 == Int64(desk.address.port))
      #expect(answer.json?["tls"] == false)
    }
  }

  @Test(
    "what is not HTTP is answered with 400 and closed",
    arguments: [
      "nonsense\r\n\r\n", "GET /time\r\n\r\n", "GET /time HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\r\n\r\n",
      "GET /time HTTP/1.1\r\nno colon\r\n\r\n", "GET /time HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "GET /time HTTP/1.1\r\nA: \(String(repeating: "a", count: 200_000))\r\n\r\n",
      "GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\n\r\n",
      "GET /time HTTP/1.1\r\n\((0..<300).map { "A\($0): b\r\n" }.joined())\r\n",
      "POST /time HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
  func malformed(_ bytes: String) async throws {
    try await LoopbackDesk.open { desk in
      let answer = try await RawConnection.open(desk.address) { connection in
        try await connection.send(bytes)
        return try await connection.rest()
      }
      #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
      let after = try await desk.send("GET", "/health")
      #expect(after.status == 200)
    }
  }

  @Test("what is not HTTP after a request is answered after it, once")
  func malformedLater() async throws {
    try await LoopbackDesk.open { desk in
      let answers = try await RawConnection.open(desk.address) { connection in
        try await connection.send("GET /time HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n")
        return try await connection.rest()
      }
      #expect(answers.matches(of: /HTTP\/1.1 ([0-9]+)/).map { String($0.1) } == ["200", "400"])
    }
  }

  @Test("requests that never end do not keep others waiting")
  func slow() async throws {
    try await LoopbackDesk.open { desk in
      try await RawConnection.open(desk.address) { head in
        try await head.send("GET /time HTTP/1.1\r\nHos")
        try await RawConnection.open(desk.address) { body in
          try await body.send("POST /channels/x/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{")
          for _ in 0..<20 { #expect(try await desk.send("GET", "/health").status == 200) }
          try await body.send("}")
          #expect(try await body.answer().hasPrefix("HTTP/1.1 401"))
        }
      }
    }
  }

  @Test("a connection is used again, also for what came with the request before")
  func pipelining() async throws {
    try await LoopbackDesk.open { desk in
      try await RawConnection.open(desk.address) { connection in
        let get = "GET /time HTTP/1.1\r\nHost: h\r\n\r\n"
        let post = "POST /time HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
        try await connection.send(get + post + get)
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 200"))
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 405"))
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 200"))
      }
    }
  }

  @Test("many clients at once are all answered, and each message is stored once")
  func many() async throws {
    try await LoopbackDesk.open { desk in
      let headers = basic(desk.desk.root)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
        for index in 0..<100 {
          tasks.addTask {
            try await desk.send(
              "POST", "/channels/x/messages", body: Array(#"{"name":"\#(index)"}"#.utf8), headers: headers
            ).status
          }
        }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.allSatisfy { $0 == 201 })
      let history = try await desk.send("GET", "/channels/x/messages?limit=1000", headers: headers)
      #expect(Set((history.json?.array ?? []).compactMap { $0["name"]?.string }).count == 100)
    }
  }
}
