internal import NIOCore

/// Tells whether a peer takes what it is given, by looks at it from time to time: anything at all, and, where there is
/// a limit for that, all of it.
struct WriteProgress: Sendable {
  enum Verdict: Sendable, Hashable {
    /// Nothing waits to be taken.
    case isDone
    /// To be looked at again then.
    case goesOn(NIODeadline)
    case isTooSlow
  }

  /// How long nothing may be taken.
  private let pause: TimeAmount

  /// How long what was given up to one moment may take; `nil` for as long as something is taken.
  var whole: TimeAmount?

  private var given = 0
  private var taken = 0
  private var lastTaken = NIODeadline.distantPast
  private var goal = 0
  private var start = NIODeadline.distantPast

  init(pause: TimeAmount, whole: TimeAmount? = nil) {
    self.pause = pause
    self.whole = whole
  }

  /// So many bytes more are to be sent.
  mutating func add(_ count: Int) { given &+= count }

  /// Something waits that has been given now.
  ///
  /// - Parameter waiting: how many bytes the socket has not taken.
  mutating func begin(waiting: Int, at now: NIODeadline) -> Verdict {
    guard waiting > 0 else { return .isDone }
    (taken, lastTaken) = (given &- waiting, now)
    (goal, start) = (given, now)
    return .goesOn(nextLook)
  }

  /// A look at what has become of it.
  mutating func look(waiting: Int, at now: NIODeadline) -> Verdict {
    guard waiting > 0 else { return .isDone }
    let count = given &- waiting
    if count != taken { (taken, lastTaken) = (count, now) }
    if goal &- count <= 0 { (goal, start) = (given, now) }
    let isTooSlow = now - lastTaken >= pause || whole.map { now - start >= $0 } ?? false
    return isTooSlow ? .isTooSlow : .goesOn(nextLook)
  }

  private var nextLook: NIODeadline {
    guard let whole else { return lastTaken + pause }
    return min(lastTaken + pause, start + whole)
  }
}
