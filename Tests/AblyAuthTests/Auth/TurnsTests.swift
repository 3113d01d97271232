internal import Testing

@testable internal import AblyAuth

@Suite("Turns")
struct TurnsTests {
  var turns = Turns()

  /// Lets somebody in, and gives the run that they begin.
  private mutating func begin(_ ticket: Int) throws -> Int {
    guard case .begin(let run) = turns.enter(ticket) else {
      Issue.record("\(ticket) does not begin a run")
      throw CancellationError()
    }
    return run
  }

  @Test("the first begins a run, the others join it, and all get what it gives")
  mutating func order() throws {
    let tickets = (0..<3).map { _ in turns.ticket() }
    #expect(Set(tickets).count == 3)
    let run = try begin(tickets[0])
    #expect(turns.enter(tickets[1]) == .join)
    #expect(turns.enter(tickets[2]) == .join)
    #expect(turns.isPresent(run))
    #expect(turns.finish(run) == Set(tickets))
    #expect(!turns.isPresent(run))
    #expect(try begin(9) != run, "after the run anybody may start anew")
  }

  @Test("a run is unwanted when the last who waits leaves, whoever began it")
  mutating func leaving() throws {
    let run = try begin(1)
    #expect(turns.enter(2) == .join)
    #expect(turns.leave(1) == false)
    #expect(turns.isPresent(run))
    #expect(turns.leave(2) == true)
    #expect(!turns.isPresent(run))
  }

  @Test("whoever left gets no result")
  mutating func departed() throws {
    let run = try begin(1)
    #expect(turns.enter(2) == .join)
    #expect(turns.leave(1) == false)
    #expect(turns.finish(run) == [2])
  }

  @Test("a run that nobody wants any more ends for nobody, whatever began since")
  mutating func late() throws {
    let old = try begin(1)
    #expect(turns.leave(1) == true)
    let new = try begin(2)
    #expect(turns.finish(old) == [])
    #expect(turns.finish(new) == [2])
  }

  @Test("a run that is given up no longer counts")
  mutating func givenUp() throws {
    let run = try begin(1)
    #expect(turns.enter(2) == .join)
    #expect(turns.giveUp() == [1, 2])
    #expect(turns.finish(run) == [])
  }

  @Test("events that nobody expects change nothing")
  mutating func unexpected() throws {
    #expect(turns.leave(1) == false)
    #expect(turns.finish(7) == [])
    #expect(turns.giveUp() == [])
    let run = try begin(1)
    #expect(turns.leave(5) == false)
    #expect(turns.finish(run) == [1])
  }
}
