internal import AblyAuth
internal import Testing

@Suite("The clocks of this machine")
struct HostClockTests {
  @Test(
    "a sleep that is longer than a runtime counts goes on until it is cancelled",
    arguments: [.seconds(Int64.max), .milliseconds(Int64.max), .seconds(1 << 35), .seconds(1 << 34)]
      as [Duration])
  func endless(_ duration: Duration) async {
    let task = Task { try await HostClock.system.sleep(duration) }
    for _ in 0..<100 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
