internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import TestSupport
internal import Testing

@Suite("What a connection asks for", .endsAtLast)
struct ConnectionQueryTests {
  /// The query of the first socket.
  private func query(_ adjust: (inout ClientOptions) throws -> Void) async throws -> [String: String] {
    try await Stage.run(adjust) { try await $0.nextSocket().query }
  }

  @Test("RTN2a, RTN2b, RTN2f, RTN2g, RTN23b: what stands in the query where the options say nothing")
  func usual() async throws {
    let query = try await query { $0.useBinaryProtocol = true }
    #expect(
      query == [
        "key": Stage.key, "v": "6", "format": "msgpack", "heartbeats": "false", "echo": "true",
        "lib": "ably-auth-swift-\(Agent.version)",
      ])
  }

  @Test("RSC7d, RSC7d2: the library and what it runs on stand in a header of the request for a socket")
  func agent() async throws {
    try await Stage.run { stage in
      let request = try await stage.nextSocket().request
      #expect(request.headers == ["Ably-Agent": Agent.identifier])
    }
  }

  @Test(
    "RTN2a, RTN2b, RTN2d, RSA7e1, RTC1a, TO3h: JSON, no echo, and the client's own id, where the options say so"
  )
  func options() async throws {
    let query = try await query {
      $0.echoMessages = false
      $0.clientId = "Ada & Bob"
    }
    #expect(query["format"] == "json")
    #expect(query["echo"] == "false")
    #expect(query["clientId"] == "Ada & Bob")
  }

  @Test("RTC1f, RTC1f1: the caller's params are added, and win")
  func params() async throws {
    let query = try await query { $0.transportParams = ["v": "5", "heartbeats": "true", "extra": "a=b&c"] }
    #expect(query["v"] == "5")
    #expect(query["heartbeats"] == "true")
    #expect(query["extra"] == "a=b&c")
    #expect(query["format"] == "json")
  }

  @Test("RTN2e: under token authentication the token is obtained first, and stands in the query")
  func token() async throws {
    let desk = TokenDesk()
    let query = try await query {
      $0 = ClientOptions(authCallback: desk.callback)
      $0.clientId = "ada"
    }
    #expect(query["accessToken"] == "token-1")
    #expect(query["key"] == nil)
    #expect(desk.asked.map(\.clientId) == ["ada"])
  }

  @Test("RTN2e: a token that is there is used, and used again for the next socket")
  func tokenAtHand() async throws {
    let desk = TokenDesk()
    try await Stage.run({
      $0 = ClientOptions(authCallback: desk.callback)
      $0.token = "given"
    }) { stage in
      let first = try await stage.nextConnection()
      #expect(first.query["accessToken"] == "given")
      first.happen(.ended(.closed(code: nil)))
      #expect(try await stage.nextSocket().query["accessToken"] == "given")
    }
    #expect(desk.asked.isEmpty)
  }

  @Test("RTN2e: a token that a callback gave serves the next connection too, also after close")
  func tokenKept() async throws {
    let desk = TokenDesk()
    try await Stage.run({ $0 = ClientOptions(authCallback: desk.callback, json: true) }) { stage in
      let first = try await stage.nextConnection()
      stage.client.close()
      _ = try await first.next(7)
      first.deliver(["action": 8])
      stage.client.connect()
      let second = try await stage.nextConnection(id: "connection-2")
      #expect([first, second].map { $0.query["accessToken"] } == ["token-1", "token-1"])
    }
    #expect(desk.asked.count == 1)
  }

  @Test("REC1, RTN17i, RTN2: the socket goes to the primary host, over TLS")
  func place() async throws {
    try await Stage.run { stage in
      let request = try await stage.nextSocket().request
      #expect(request.isSecure)
      #expect(request.host == "main.realtime.ably.net")
      #expect(request.port == 443)
      #expect(request.target.hasPrefix("/?"))
    }
  }

  @Test("No credentials in what a request prints")
  func secrets() async throws {
    try await Stage.run { stage in
      let request = try await stage.nextSocket().request
      var dumped = ""
      dump(request, to: &dumped)
      for text in ["\(request)", String(reflecting: request), dumped] { #expect(!text.contains("keySecret")) }
    }
  }

  @Test("RTN16g: options do not print the key that a connection is taken up with, nor anything of the query")
  func secretOptions() throws {
    var options = try ClientOptions(key: Stage.key)
    options.recover = #"{"connectionKey":"s3cret"}"#
    options.transportParams = ["own": "s3cret"]
    var dumped = ""
    dump(options, to: &dumped)
    for text in ["\(options)", String(reflecting: options), dumped] {
      #expect(!text.contains("s3cret") && !text.contains("keySecret"))
      #expect(text.contains("keyId") && text.contains("own"))
    }
  }

  @Test("RSC18, RSA1: a key goes to no fallback host without TLS, the exception for this machine included")
  func fallbackWithoutTLS() throws {
    let error = #expect(throws: ErrorInfo.self) {
      try Stage {
        $0.tls = false
        $0.endpoint = "127.0.0.1"
        $0.allowsBasicAuthOnLoopback = true
        $0.fallbackHosts = ["fallback.example.com"]
      }
    }
    #expect(error?.code == .basicAuthOverInsecureTransport)
  }

  @Test("RTN16k, RTN16f1, RTC1c, TO3i: a recovery key is sent along once; one that is none is left out")
  func recovery() async throws {
    let key = #"{"connectionKey":"key-0","msgSerial":7,"channelSerials":{"é":"s"}}"#
    try await Stage.run({ $0.recover = key }) { stage in
      let first = try await stage.nextConnection()
      #expect(first.query["recover"] == "key-0")
      #expect(first.query["resume"] == nil)
      first.happen(.ended(.closed(code: nil)))
      let second = try await stage.nextSocket()
      #expect(second.query["recover"] == nil)
      #expect(second.query["resume"] == "key-1")
    }
    let log = LogCapture()
    let query = try await query {
      $0.recover = "no key"
      $0.logger = log.logger
    }
    #expect(query["recover"] == nil)
    #expect(log.lines.contains { $0.hasPrefix("error") && $0.contains("ClientOptions.recover") })
  }
}
