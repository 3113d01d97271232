internal import NIOCore

/// Where a peer connects from, as far as peers are told apart by it: an IPv4 address, or the first half of an
/// IPv6 address, since one machine has all of the second half to itself.
struct PeerNetwork: Sendable, Hashable {
  private let prefix: UInt64
  private let isIPv6: Bool
  let isLoopback: Bool

  /// - Parameter address: `nil` where it is not known; all such peers count as one.
  init(_ address: SocketAddress?) {
    switch address {
    case .v4: self.init(v4: Self.load(address, at: 4, as: UInt32.self))
    case .v6 where Self.isMapped(address): self.init(v4: Self.load(address, at: 20, as: UInt32.self))
    case .v6:
      let (network, host) = (
        Self.load(address, at: 8, as: UInt64.self), Self.load(address, at: 16, as: UInt64.self)
      )
      self.init(prefix: network, isIPv6: true, isLoopback: network == 0 && host == 1)
    case .unixDomainSocket: self.init(prefix: 0, isIPv6: true, isLoopback: true)
    case nil: self.init(prefix: 0, isIPv6: true, isLoopback: false)
    }
  }

  private init(v4 address: UInt32) {
    self.init(prefix: UInt64(address), isIPv6: false, isLoopback: address >> 24 == 127)
  }

  private init(prefix: UInt64, isIPv6: Bool, isLoopback: Bool) {
    self.prefix = prefix
    self.isIPv6 = isIPv6
    self.isLoopback = isLoopback
  }

  /// Whether it is an IPv4 address in the clothes of an IPv6 address: `::ffff:10.0.0.1`.
  private static func isMapped(_ address: SocketAddress?) -> Bool {
    load(address, at: 8, as: UInt64.self) == 0 && load(address, at: 16, as: UInt32.self) == 0xFFFF
  }

  // The address stands at byte 4 of a `sockaddr_in` and at byte 8 of a `sockaddr_in6` on every platform.
  private static func load<Number: FixedWidthInteger>(
    _ address: SocketAddress?, at offset: Int, as _: Number.Type
  ) -> Number {
    address?.withSockAddr { pointer, size in
      guard offset + MemoryLayout<Number>.size <= size else { return 0 }
      return Number(
        bigEndian: UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: offset, as: Number.self))
    } ?? 0
  }
}
