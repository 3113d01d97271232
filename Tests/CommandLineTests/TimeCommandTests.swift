internal import AblyService
internal import Foundation
internal import TestSupport
internal import Testing

@Suite(.endsAtLast) struct TimeCommandTests {
  @Test(
    "a clock at the end of what a time can say is shown, however far it is off",
    arguments: [9.2e15, -9.2e15])
  func farClock(seconds: Double) async throws {
    let core = try ServiceCore(keys: [.random()], clock: { Date(timeIntervalSince1970: seconds) })
    try await withAblyServer(core: core) { server in
      let arguments = ["time", "--endpoint", "127.0.0.1", "--port", "\(server.port)", "--no-tls"]
      let shown = try await Tool.run(list: arguments)
      #expect(shown.exitCode == 0, "\(shown.talk)")
      #expect(shown.output.contains("this clock is"))
      let json = try await Tool.run(list: arguments + ["--json"])
      #expect(json.exitCode == 0, "\(json.talk)")
    }
  }
}
