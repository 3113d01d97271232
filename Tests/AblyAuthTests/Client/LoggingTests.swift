internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import Logging
internal import Testing

@Suite("Logging")
struct LoggingTests {
  @Test("RSC2: without more being said, warnings and errors are shown")
  func level() {
    #expect(ClientOptions().logger.logLevel == .warning)
  }

  static let levels: [(level: Logger.Level, lines: [String])] = [
    (.trace, ["info", "debug", "debug"]), (.debug, ["info", "debug", "debug"]), (.info, ["info"]),
    (.warning, []), (.critical, []),
  ]

  @Test("RSC2, RSC3, TO3b: the level decides what is shown", arguments: levels)
  func shown(level: Logger.Level, lines: [String]) async throws {
    let log = LogCapture()
    var logger = log.logger
    logger.logLevel = level
    let client = try RESTClient.stubbed(StubTransport(.time)) { [logger] in $0.logger = logger }
    _ = try await client.time()
    #expect(log.lines.map { String($0.prefix { $0 != " " }) } == lines)
  }

  @Test("TO3c: a client says where it sends to, at info, in what goes along with the message")
  func made() throws {
    let log = LogCapture()
    _ = try RESTClient.stubbed(StubTransport(.time)) {
      $0.logger = log.logger
      $0.endpoint = "a.example"
    }
    #expect(log.lines.count == 1)
    #expect(log.lines[0].hasPrefix("info client made "))
    #expect(log.lines[0].contains(" host=a.example"))
    #expect(log.lines[0].contains(" tls=true"))
    #expect(log.lines[0].contains(" format=application/json"))
  }

  @Test("RSC4, TO3c, TO3c2: a logger of one's own gets messages and what they are about, apart")
  func structured() async throws {
    let log = LogCapture()
    let client = try RESTClient.stubbed(StubTransport(.json([]))) { $0.logger = log.logger }
    _ = try await client.request("GET", "/x", params: ["secret": "s"])
    let lines = log.lines.filter { $0.hasPrefix("debug") }
    #expect(lines.count == 2)
    for line in lines {
      #expect(line.contains(" method=GET"))
      #expect(line.contains(" host=main.realtime.ably.net"))
      #expect(line.contains(" path=/x"))
      #expect(!line.contains("secret"))
    }
    #expect(lines.first?.hasPrefix("debug sending an HTTP request") == true)
    #expect(lines.last?.contains(" status=200") == true)
  }

  @Test("TO3c2, RSC15: each host that a request is sent to is named")
  func hosts() async throws {
    let log = LogCapture()
    let transport = StubTransport(.text("", status: 503), .time)
    let client = try RESTClient.stubbed(transport) {
      $0.logger = log.logger
      $0.fallbackHosts = ["b.example"]
    }
    _ = try await client.time()
    let lines = log.lines.filter { $0.contains("sending an HTTP request") }
    #expect(lines.count == 2)
    #expect(lines.first?.contains(" host=main.realtime.ably.net") == true)
    #expect(lines.last?.contains(" host=b.example") == true)
    #expect(log.lines.contains { $0.contains("trying another") && $0.contains("main.realtime.ably.net") })
  }
}
