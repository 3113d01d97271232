/// Who does a piece of work that several want done once, and who waits for it.
///
/// Nothing waits in here: it only says what its owner has to do.
struct Turns: Sendable {
  private enum Phase: Sendable {
    /// Nobody works. Becomes `busy` when somebody enters.
    case free

    /// Somebody works; these wait, the earliest first. Becomes `free` when the work is done, or when it is
    /// given up and nobody waits; stays `busy` when one of them takes it over.
    case busy(waiting: [Int])
  }

  /// What somebody who enters has to do.
  enum Entry: Sendable, Hashable {
    case work, wait
  }

  private var phase = Phase.free
  private var lastTicket = 0

  /// A number for somebody who is about to enter.
  mutating func ticket() -> Int {
    lastTicket &+= 1
    return lastTicket
  }

  mutating func enter(_ ticket: Int) -> Entry {
    switch phase {
    case .free:
      phase = .busy(waiting: [])
      return .work
    case .busy(var waiting):
      phase = .free
      waiting.append(ticket)
      phase = .busy(waiting: waiting)
      return .wait
    }
  }

  /// Somebody no longer waits.
  mutating func leave(_ ticket: Int) {
    guard case .busy(var waiting) = phase else { return }
    waiting.removeAll { $0 == ticket }
    phase = .busy(waiting: waiting)
  }

  /// The work is done. Gives all who waited for it.
  mutating func finish() -> [Int] {
    guard case .busy(let waiting) = phase else { return [] }
    phase = .free
    return waiting
  }

  /// Whoever works gives it up. Gives the one who takes it over, if anybody waits.
  mutating func handOver() -> Int? {
    guard case .busy(var waiting) = phase, !waiting.isEmpty else {
      phase = .free
      return nil
    }
    let next = waiting.removeFirst()
    phase = .busy(waiting: waiting)
    return next
  }
}
