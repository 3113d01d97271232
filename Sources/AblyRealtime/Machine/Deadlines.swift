/// When something is to happen unless something else does before.
struct Deadlines: Sendable {
  enum Name: Hashable, Sendable {
    /// The service has confirmed a connection (RTN14c), answered a CLOSE (RTN12b) or an AUTH.
    case connected, closed, reauthenticated
    /// The next attempt begins (RTN14d); the connection counts as suspended (RTN14e).
    case retry, suspend
    /// The service may have the token it asked for too soon (RTN22).
    case renewal
    /// The service has sent something (RTN23a).
    case activity
    case ping(Ticket)
    case channel(String, ChannelDeadline)
  }

  /// A moment, and how many were set before it: of two at one time the one that was set first comes first.
  private struct Time: Sendable, Comparable {
    let value: Duration
    let number: Int

    static func < (left: Time, right: Time) -> Bool {
      left.value == right.value ? left.number < right.number : left.value < right.value
    }
  }

  private var times: [Name: Time] = [:]
  private var lastNumber = 0

  /// The earliest.
  var next: Duration? { times.values.min { $0.value < $1.value }?.value }

  subscript(name: Name) -> Duration? {
    get { times[name]?.value }
    set {
      lastNumber += 1
      times[name] = newValue.map { Time(value: $0, number: lastNumber) }
    }
  }

  mutating func clear(_ names: Name...) {
    for name in names { times[name] = nil }
  }

  /// Takes out the earliest that has come. One by one: what happens at one may make another void.
  mutating func popDue(at now: Duration) -> Name? {
    guard let (name, time) = times.min(by: { $0.value < $1.value }), time.value <= now else { return nil }
    times[name] = nil
    return name
  }
}

/// What a channel waits for.
enum ChannelDeadline: Hashable, Sendable {
  /// The service has answered (RTL4f, RTL5f).
  case attached, detached
  /// The next attempt to attach begins (RTL13b).
  case retry
  /// The service has named the members, or more of them (RTP11c1).
  case members
}
