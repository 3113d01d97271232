internal import AblyAuth
internal import AblyTokens
internal import Logging
internal import Testing

@Suite("Logging")
struct LoggingTests {
  @Test("RSC2: without more being said, warnings and errors are shown")
  func level() {
    #expect(ClientOptions().logger.logLevel == .warning)
  }

  static let levels: [(level: Logger.Level, lines: Int)] = [
    (.trace, 2), (.debug, 2), (.info, 0), (.critical, 0),
  ]

  @Test("RSC2, RSC3, TO3b: the level decides what is shown", arguments: levels)
  func shown(level: Logger.Level, lines: Int) async throws {
    let log = LogCapture()
    var logger = log.logger()
    logger.logLevel = level
    let client = try RESTClient.stubbed(StubTransport(.time)) { [logger] in $0.logger = logger }
    _ = try await client.time()
    #expect(log.lines.count == lines)
  }

  @Test("RSC4, TO3c, TO3c2: a logger of one's own gets messages and what they are about, apart")
  func structured() async throws {
    let log = LogCapture()
    let client = try RESTClient.stubbed(StubTransport(.json([]))) { $0.logger = log.logger() }
    _ = try await client.request("GET", "/x", params: ["secret": "s"])
    #expect(log.lines.count == 2)
    for line in log.lines {
      #expect(line.contains(#""method": GET"#))
      #expect(line.contains(#""path": /x"#))
      #expect(!line.contains("secret"))
    }
    #expect(log.lines.last?.contains(#""status": 200"#) == true)
  }
}
