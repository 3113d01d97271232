/// A range of IP addresses, such as `10.0.0.0/8`.
public struct Network: Sendable, Hashable {
  private let high: UInt64
  private let low: UInt64
  private let highMask: UInt64
  private let lowMask: UInt64

  /// Reads an address, `/` and how many of its leading bits count; an address alone is itself. `nil` for anything
  /// else, and for an address with bits beyond those, which is a slip.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else { return nil }
    let isVersion4 = !parts[0].contains(":")
    let most = isVersion4 ? 32 : 128
    var bits = most
    if parts.count > 1 {
      guard let count = Int(parts[1]), (0...most).contains(count), parts[1].first != "+" else { return nil }
      bits = count
    }
    if isVersion4 { bits += 96 }
    highMask = Self.mask(min(bits, 64))
    lowMask = Self.mask(max(bits - 64, 0))
    high = address.high
    low = address.low
    guard high & ~highMask == 0, low & ~lowMask == 0 else { return nil }
  }

  init(high: UInt64, low: UInt64, highMask: UInt64, lowMask: UInt64) {
    self.high = high
    self.low = low
    self.highMask = highMask
    self.lowMask = lowMask
  }

  private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : ~0 << (64 - UInt64(bits)) }

  /// Whether the address lies in it.
  public func contains(_ address: IPAddress) -> Bool {
    address.high & highMask == high && address.low & lowMask == low
  }
}
