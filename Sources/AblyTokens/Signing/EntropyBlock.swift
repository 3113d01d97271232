#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Random bytes from the system's cryptographic source, fetched by the block: one system call per 16 bytes
/// costs more than the MAC they go into.
///
/// Bytes are handed out once and wiped. A block that was filled before a fork is thrown away in the child,
/// because parent and child would otherwise hand out the same nonces.
struct EntropyBlock: ~Copyable {
  // The most that one getentropy call gives.
  private static let size = 256

  private var bytes = [UInt8](repeating: 0, count: size)
  private var used = size
  private var generation = ForkGeneration.current

  /// Hands `count` fresh bytes, at most 256, to `body`.
  mutating func withBytes<Result>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let current = ForkGeneration.current
    if used + count > Self.size || generation != current {
      refill()
      generation = current
    }
    let range = used..<used + count
    used = range.upperBound
    return bytes.withUnsafeMutableBytes { block in
      let fresh = UnsafeMutableRawBufferPointer(rebasing: block[range])
      defer { fresh.initializeMemory(as: UInt8.self, repeating: 0) }
      return body(UnsafeRawBufferPointer(fresh))
    }
  }

  private mutating func refill() {
    used = 0
    let filled = bytes.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
    guard !filled else { return }
    // A sandbox may forbid the call; the standard library's generator then finds another door or traps.
    var generator = SystemRandomNumberGenerator()
    for index in bytes.indices { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
  }
}
