/// Who waits for a piece of work that several want done once, and when it is still wanted.
///
/// Nothing waits and nothing runs in here: it only says what its owner has to do.
struct Turns: Sendable {
  private enum Phase: Sendable {
    /// Nothing runs. Becomes `busy` when somebody enters.
    case free

    /// A run is under way, and these wait for it. Becomes `free` when the run ends, when the last who waits
    /// leaves, and when the run is given up.
    case busy(run: Int, waiting: Set<Int>)
  }

  /// What somebody who enters has to do before waiting.
  enum Entry: Sendable, Hashable {
    /// Begin this run.
    case begin(Int)
    /// Nothing: a run is under way.
    case join
  }

  private var phase = Phase.free
  private var lastNumber = 0

  /// A number for somebody who is about to enter.
  mutating func ticket() -> Int {
    lastNumber &+= 1
    return lastNumber
  }

  mutating func enter(_ ticket: Int) -> Entry {
    switch phase {
    case .free:
      lastNumber &+= 1
      phase = .busy(run: lastNumber, waiting: [ticket])
      return .begin(lastNumber)
    case .busy(let run, var waiting):
      phase = .free
      waiting.insert(ticket)
      phase = .busy(run: run, waiting: waiting)
      return .join
    }
  }

  /// Somebody no longer waits.
  ///
  /// - Returns: whether nobody wants the run any more, and it is to be cancelled.
  mutating func leave(_ ticket: Int) -> Bool {
    guard case .busy(let run, var waiting) = phase, waiting.contains(ticket) else { return false }
    phase = .free
    waiting.remove(ticket)
    if waiting.isEmpty { return true }
    phase = .busy(run: run, waiting: waiting)
    return false
  }

  /// Whether this run is the present one.
  func isPresent(_ run: Int) -> Bool {
    if case .busy(run, _) = phase { true } else { false }
  }

  /// A run ended.
  ///
  /// - Returns: those who waited for it; nobody when it was no longer the present one.
  mutating func finish(_ run: Int) -> Set<Int> {
    isPresent(run) ? giveUp() : []
  }

  /// The run no longer counts.
  ///
  /// - Returns: those who waited for it.
  mutating func giveUp() -> Set<Int> {
    guard case .busy(_, let waiting) = phase else { return [] }
    phase = .free
    return waiting
  }
}
