internal import AblyAuth
internal import Testing

@Suite("The clocks of this machine")
struct HostClockTests {
  @Test(
    "however long a sleep is asked for, the runtime can count its nanoseconds",
    arguments: [.seconds(Int64.max), .milliseconds(Int64.max), .seconds(1 << 35), .seconds(1 << 34)]
      as [Duration])
  func endless(_ duration: Duration) {
    let seconds = HostClock.bearable(duration).components.seconds
    #expect(!seconds.multipliedReportingOverflow(by: 2_000_000_000).overflow)
    #expect(seconds > 86_400 * 365)
  }

  @Test(
    "a sleep that can be counted is as long as it is asked for",
    arguments: [.zero, .seconds(-1), .seconds(86_400)] as [Duration])
  func bearable(_ duration: Duration) {
    #expect(HostClock.bearable(duration) == duration)
  }
}
