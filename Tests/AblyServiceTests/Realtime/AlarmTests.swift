internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite("Alarms", .endsAtLast)
struct AlarmTests {
  @Test("who waits and is cancelled while it rings does not stop it")
  func cancelledWhileRinging() async {
    let alarm = Alarm()
    for _ in 0..<5_000 {
      await withTaskGroup(of: Void.self) { tasks in
        let rings = alarm.rings
        for _ in 0..<2 { tasks.addTask { await alarm.wait(after: rings) } }
        tasks.addTask { alarm.ring() }
        tasks.cancelAll()
      }
    }
    let rings = alarm.rings
    #expect(rings == 5_000)
    alarm.ring()
    await alarm.wait(after: rings)
  }
}
