internal import AblyAuth
internal import AblyTokens

/// The tokens that a live connection has been given (RTC8a).
struct Reauthentication: Sendable {
  /// Those who wait until the connection uses their token, or a later one.
  var waiting: [(ticket: Ticket, serial: Int?)] = []
  /// The tokens that were sent in an AUTH that has no answer yet.
  var unanswered: [Credentials] = []
  /// Whether the service asked for a token that is still being obtained (RTN22).
  var isAsked = false
  /// Until when the service is left waiting for another, and how many in a row could not be obtained.
  var restsUntil: Duration?
  var failures = 0
  /// The token that the service answered with an ERROR, and that (RTC8a2).
  var failed: (serial: Int?, error: ErrorInfo)?
  /// A token that came while a socket was opened with an earlier one.
  var newer: Credentials?
  /// The newest token that anybody spoke of: what comes late must not bring back an older one.
  private(set) var latest: Credentials?
  /// The calls of `authorize` that look for a token, and those of them that began before the connection was
  /// asked to close: they do not open it again.
  var authorizations: Set<Int> = []
  var overtaken: Set<Int> = []

  /// Takes note of a token.
  ///
  /// - Returns: the newest, unless that is the one that was refused.
  mutating func newest(_ credentials: Credentials, butFor refused: Credentials? = nil) -> Credentials {
    guard let latest, (latest.serial ?? 0) > (credentials.serial ?? 0) else {
      latest = credentials
      return credentials
    }
    return latest.serial == refused?.serial ? credentials : latest
  }

  /// Takes out those whose token is in use.
  mutating func confirmed(_ serial: Int?) -> [Ticket] {
    let isMeant = { (entry: (ticket: Ticket, serial: Int?)) in (entry.serial ?? 0) <= (serial ?? 0) }
    defer { waiting.removeAll(where: isMeant) }
    return waiting.filter(isMeant).map(\.ticket)
  }

  /// Takes out everybody.
  mutating func giveUp() -> [Ticket] {
    defer { waiting = [] }
    return waiting.map(\.ticket)
  }
}
