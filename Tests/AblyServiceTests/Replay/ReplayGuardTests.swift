internal import Testing

@testable internal import AblyService

@Suite struct ReplayGuardTests {
  private func mark(_ nonce: String, _ timestamp: Int64, keyName: String = "a.k") -> ReplayGuard.Mark {
    ReplayGuard.Mark(keyName: keyName, timestamp: timestamp, nonce: nonce)
  }

  @Test("the same request is fresh once; another nonce, timestamp or key is another request")
  func distinguishes() {
    var replays = ReplayGuard()
    let now: Int64 = 1_700_000_000_000
    #expect(replays.admit(mark("n", now), timestamp: now, now: now) == .fresh)
    #expect(replays.admit(mark("n", now), timestamp: now, now: now) == .seen)
    #expect(replays.admit(mark("m", now), timestamp: now, now: now) == .fresh)
    #expect(replays.admit(mark("n", now + 1), timestamp: now + 1, now: now) == .fresh)
    #expect(replays.admit(mark("n", now, keyName: "a.l"), timestamp: now, now: now) == .fresh)
  }

  @Test("no request is forgotten while its timestamp is still accepted, and every one is soon after")
  func sweeps() {
    let tolerance = TokenAuthority.timestampTolerance
    for offset in stride(from: -tolerance, through: tolerance, by: 7919) {
      var replays = ReplayGuard()
      let admitted: Int64 = 1_700_000_000_000
      let timestamp = admitted + offset
      #expect(replays.admit(mark("n", timestamp), timestamp: timestamp, now: admitted) == .fresh)
      let last = timestamp + tolerance
      #expect(replays.admit(mark("n", timestamp), timestamp: timestamp, now: last) == .seen)
      let later = last + 30_000
      #expect(replays.admit(mark("other", later), timestamp: later, now: later) == .fresh)
      #expect(replays.count == 1)
    }
  }

  @Test("what is remembered is bounded by the window, however long it runs")
  func bounded() {
    var replays = ReplayGuard()
    for second: Int64 in 0..<10_000 {
      let now = 1_700_000_000_000 + second * 1000
      #expect(replays.admit(mark("n", now), timestamp: now, now: now) == .fresh)
      #expect(replays.count <= 150)
    }
  }

  @Test("a clock that is set back does not open what was forgotten")
  func setBack() {
    var replays = ReplayGuard()
    let early: Int64 = 1_700_000_000_000
    #expect(replays.admit(mark("n", early), timestamp: early, now: early) == .fresh)
    let late = early + 3_600_000
    #expect(replays.admit(mark("n", late), timestamp: late, now: late) == .fresh)
    #expect(replays.admit(mark("n", early), timestamp: early, now: early) == .forgotten)
  }

  @Test("no time overflows", arguments: [Int64.min, -1, 0, Int64.max])
  func extremes(_ time: Int64) {
    var replays = ReplayGuard()
    #expect(replays.admit(mark("n", time), timestamp: time, now: time) == .fresh)
    #expect(replays.admit(mark("n", time), timestamp: time, now: time) == .seen)
  }
}
