internal import AblyTesting
internal import Logging
internal import Testing

@Suite struct LogCaptureTests {
  @Test("a line has its level, its message and its metadata by name")
  func lines() {
    let log = LogCapture()
    var logger = log.logger
    logger[metadataKey: "b"] = "2"
    logger.trace("hello", metadata: ["a": "1"])
    logger.error("bye")
    #expect(log.lines == ["trace hello a=1 b=2", "error bye b=2"])
    #expect(log.contains("hello") && !log.contains("nothing"))
  }
}
