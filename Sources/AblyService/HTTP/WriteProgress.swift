/// Tells whether a socket takes anything of what it is given, by looks at it from time to time.
struct WriteProgress: Sendable {
  private var given = 0
  private var taken = 0

  /// So many bytes more are to be sent.
  mutating func add(_ count: Int) { given &+= count }

  /// Whether there is anything to wait for; from now on, if so.
  ///
  /// - Parameter waiting: how many bytes the socket has not taken.
  mutating func begins(waiting: Int) -> Bool {
    taken = given &- waiting
    return waiting > 0
  }

  /// Whether something waits, and nothing has been taken since the last look.
  mutating func stands(waiting: Int) -> Bool {
    let before = taken
    return begins(waiting: waiting) && taken == before
  }
}
