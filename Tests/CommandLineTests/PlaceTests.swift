internal import AblyService
internal import AblyTokens
internal import TestSupport
internal import Testing

@testable internal import ably_auth

@Suite("Where a service is thought to be", .endsAtLast)
struct PlaceTests {
  @Test("--port without --no-tls is noted, since it does nothing; with it, or with --tls-port, it is not")
  func unusedPort() async throws {
    try await withRefusingPort { port in
      let place = ["time", "--endpoint", "127.0.0.1"]
      let forgotten = try await Tool.run(
        list: place + ["--port", "8080", "--tls-port", "\(port)"])
      #expect(!forgotten.talk.contains("note: "), "\(forgotten.talk)")
      #expect(forgotten.talk.contains("error: [80000] nothing listens at 127.0.0.1:\(port) See "))
      #expect(
        forgotten.talk.contains(
          "remedy: Check --tls-port, and whether the service runs; for one without TLS give --no-tls and --port."
        ))
      let plain = try await Tool.run(list: place + ["--port", "\(port)", "--no-tls"])
      #expect(!plain.talk.contains("note: "))
      #expect(plain.talk.contains("remedy: Check --port, and whether the service runs."), "\(plain.talk)")
    }
  }

  @Test("--port with TLS goes to the usual port of TLS, and that is said")
  func forgotten() async throws {
    let outcome = try await Tool.run(
      "time", "--endpoint", "127.0.0.1", "--port", "8080", "--http-request-timeout", "2000")
    #expect(outcome.exitCode == 3)
    #expect(outcome.talk.contains("note: --port is for connections without TLS and does nothing here."))
    #expect(outcome.talk.contains("Give --no-tls with it"))
  }

  @Test("a refusal that the service's own clock is to blame for does not advise to look at this one")
  func clock() {
    let error = ErrorInfo(
      .timestampOutsideWindow, "none", statusCode: 401, detail: ["clock": "setBack"])
    #expect(Terminal.remedy(for: error)?.hasPrefix("Start the service anew, or wait") == true)
    let usual = ErrorInfo(.timestampOutsideWindow, "the timestamp is more than two minutes off")
    #expect(Terminal.remedy(for: usual)?.hasPrefix("Check the clock of the machine that signs") == true)
  }
}
