/// How many connections there are, and whether there may be one more.
struct ConnectionCount: Sendable {
  private let most: Int
  private let mostOfPeer: Int
  private(set) var total = 0
  private var byPeer: [IPAddress: Int] = [:]

  init(most: Int, mostOfPeer: Int) {
    self.most = most
    self.mostOfPeer = mostOfPeer
  }

  /// Counts one more unless there are too many.
  mutating func admit(_ peer: IPAddress?) -> Bool {
    guard total < most else { return false }
    if let peer = peer?.counted {
      let count = byPeer[peer, default: 0]
      guard count < mostOfPeer else { return false }
      byPeer[peer] = count + 1
    }
    total += 1
    return true
  }

  /// One that was admitted has gone.
  mutating func leave(_ peer: IPAddress?) {
    total -= 1
    guard let peer = peer?.counted, let count = byPeer[peer] else { return }
    byPeer[peer] = count > 1 ? count - 1 : nil
  }
}

extension IPAddress {
  /// As whom it is counted: one machine has all of the second half of an address of version 6 to itself. `nil` for
  /// this very machine, where a proxy may stand.
  fileprivate var counted: IPAddress? {
    if isVersion4 { return low >> 24 & 0xFF == 127 ? nil : self }
    return high == 0 && low == 1 ? nil : IPAddress(high: high, low: 0)
  }
}
