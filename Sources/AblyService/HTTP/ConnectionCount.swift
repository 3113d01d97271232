/// How many sockets there are, and whether there may be one more.
struct ConnectionCount: Sendable {
  let limits: ServerLimits
  private(set) var total = 0
  private var byNetwork: [PeerNetwork: Int] = [:]

  init(_ limits: ServerLimits) {
    self.limits = limits
  }

  /// Counts one more unless there are too many.
  mutating func admit(_ network: PeerNetwork) -> Bool {
    guard total < limits.connections else { return false }
    guard isCounted(network) else {
      total += 1
      return true
    }
    let count = byNetwork[network, default: 0]
    guard count < limits.connectionsPerAddress else { return false }
    byNetwork[network] = count + 1
    total += 1
    return true
  }

  /// One that was admitted has gone.
  mutating func leave(_ network: PeerNetwork) {
    total -= 1
    guard isCounted(network), let count = byNetwork[network] else { return }
    byNetwork[network] = count > 1 ? count - 1 : nil
  }

  private func isCounted(_ network: PeerNetwork) -> Bool {
    limits.countsLoopback || !network.isLoopback
  }
}
