/// Which host a request goes to: the primary one, unless a fallback host answered lately (RSC15f).
struct HostChoice: Sendable {
  private let endpoint: Endpoint
  private let retryTimeout: Duration

  /// The fallback host that answered, and the uptime until which it is used.
  private var pinned: (origin: Origin, until: Duration)?

  init(_ endpoint: Endpoint, retryTimeout: Duration) {
    self.endpoint = endpoint
    self.retryTimeout = retryTimeout
  }

  /// The hosts for one request, in the order in which they are tried: the fallback hosts in a random one
  /// (RSC15a).
  mutating func route(at uptime: Duration) -> [Origin] {
    if let pinned, pinned.until <= uptime { self.pinned = nil }
    guard !endpoint.fallbacks.isEmpty else { return [endpoint.primary] }
    guard let pinned else { return [endpoint.primary] + endpoint.fallbacks.shuffled() }
    let others = endpoint.fallbacks.filter { $0 != pinned.origin }
    return [pinned.origin, endpoint.primary] + others.shuffled()
  }

  /// A host answered that was not the first to be tried. The first is not told of: using a fallback host does
  /// not prolong its time, so that the primary one gets its chance.
  mutating func answered(_ origin: Origin, at uptime: Duration) {
    guard origin != endpoint.primary else { return }
    pinned = (origin, uptime + retryTimeout)
  }

  /// A host is unreachable or unserviceable.
  mutating func failed(_ origin: Origin) {
    if pinned?.origin == origin { pinned = nil }
  }
}
