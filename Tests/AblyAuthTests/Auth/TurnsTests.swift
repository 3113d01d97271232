internal import Testing

@testable internal import AblyAuth

@Suite("Turns")
struct TurnsTests {
  @Test("the first works, the others wait, in their order")
  func order() {
    var turns = Turns()
    let tickets = (0..<3).map { _ in turns.ticket() }
    #expect(Set(tickets).count == 3)
    #expect(tickets.map { turns.enter($0) } == [.work, .wait, .wait])
    #expect(turns.finish() == Array(tickets.dropFirst()))
    #expect(turns.enter(9) == .work, "after the work anybody may start anew")
  }

  @Test("work that is given up goes to the earliest who waits")
  func handOver() {
    var turns = Turns()
    #expect([1, 2, 3].map { turns.enter($0) } == [.work, .wait, .wait])
    #expect(turns.handOver() == 2)
    #expect(turns.enter(4) == .wait)
    #expect(turns.finish() == [3, 4])
  }

  @Test("work that is given up while nobody waits is free")
  func abandoned() {
    var turns = Turns()
    #expect(turns.enter(1) == .work)
    #expect(turns.handOver() == nil)
    #expect(turns.enter(2) == .work)
  }

  @Test("whoever left gets neither the result nor the work")
  func leaving() {
    var turns = Turns()
    #expect([1, 2, 3].map { turns.enter($0) } == [.work, .wait, .wait])
    turns.leave(2)
    #expect(turns.handOver() == 3)
    turns.leave(3)
    #expect(turns.finish() == [])
  }

  @Test("events that nobody expects change nothing")
  func unexpected() {
    var turns = Turns()
    turns.leave(1)
    #expect(turns.finish() == [])
    #expect(turns.handOver() == nil)
    #expect(turns.enter(1) == .work)
  }
}
