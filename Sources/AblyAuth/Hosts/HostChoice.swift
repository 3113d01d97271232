/// Which host a request goes to: the primary one, unless a fallback host answered lately (RSC15f).
struct HostChoice: Sendable {
  private let endpoint: Endpoint
  private let retryTimeout: Duration

  /// The fallback host that answered, and the uptime until which it is used.
  private var pinned: (origin: Origin, until: Duration)?

  /// The host that a connection stands to, which comes first as long as it does (RTN17e).
  var connected: Origin?

  init(_ endpoint: Endpoint, retryTimeout: Duration) {
    self.endpoint = endpoint
    self.retryTimeout = retryTimeout
  }

  /// Where a request is sent first.
  mutating func first(at uptime: Duration) -> Origin {
    if let connected { return connected }
    if let pinned, pinned.until <= uptime { self.pinned = nil }
    return pinned?.origin ?? endpoint.primary
  }

  /// A host is unreachable or unserviceable.
  mutating func failed(_ origin: Origin) {
    if pinned?.origin == origin { pinned = nil }
  }

  /// Where a request may be sent whose first host failed: from the beginning, with the fallback hosts in a
  /// random order (RSC15a).
  func alternatives(to failed: Origin) -> [Origin] {
    let primary = failed == endpoint.primary ? [] : [endpoint.primary]
    return primary + endpoint.fallbacks.filter { $0 != failed }.shuffled()
  }

  /// A host answered that was not the first to be tried. Of the first nobody tells: using a fallback host does
  /// not prolong its time, so that the primary one gets its chance.
  mutating func answered(_ origin: Origin, at uptime: Duration) {
    guard origin != endpoint.primary else { return }
    pinned = (origin, uptime + retryTimeout)
  }
}
