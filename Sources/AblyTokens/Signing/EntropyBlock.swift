#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Random bytes from the system's cryptographic source, fetched by the block: one system call per nonce
/// costs more than the MAC it goes into.
///
/// Bytes are handed out once and wiped. A block that was filled before a fork is thrown away in the child,
/// because parent and child would otherwise hand out the same nonces.
struct EntropyBlock: ~Copyable {
  // The most that one getentropy call gives. Four times as much from getrandom would cost a third less a
  // byte, but that is a system call that Swift can only reach through a C target of our own.
  private static let size = 256

  private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
  private var used = size
  private var generation = ForkGeneration.current

  deinit {
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    bytes.deallocate()
  }

  /// Hands `count` fresh bytes, at most 256, to `body`.
  @inline(__always)
  mutating func withBytes<Result>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    if used + count > Self.size || generation != ForkGeneration.current { refill() }
    let fresh = UnsafeMutableRawBufferPointer(rebasing: bytes[used..<used + count])
    used += count
    defer { fresh.initializeMemory(as: UInt8.self, repeating: 0) }
    return body(UnsafeRawBufferPointer(fresh))
  }

  private mutating func refill() {
    generation = ForkGeneration.current
    used = 0
    guard getentropy(bytes.baseAddress, bytes.count) != 0 else { return }
    // A sandbox may forbid the call; the standard library's generator then finds another door or traps.
    var generator = SystemRandomNumberGenerator()
    for index in bytes.indices { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
  }
}
