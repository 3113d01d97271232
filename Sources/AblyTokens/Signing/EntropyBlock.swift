#if canImport(Darwin)
  internal import Darwin
#else
  internal import CSystemRandom

  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Musl)
    internal import Musl
  #endif
#endif

/// Random bytes from the system's cryptographic source, fetched by the block: one system call per nonce
/// costs more than the MAC it goes into.
///
/// Bytes are handed out once and wiped. A block that was filled before a fork is thrown away in the child,
/// because parent and child would otherwise hand out the same nonces.
struct EntropyBlock: ~Copyable {
  /// The most bytes that it hands out at once, and the first block's size: who signs once pays for no more.
  static let smallest = 256
  private static let largest = 4096

  private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: largest, alignment: 16)
  private var size = 0
  private var used = 0
  private let forks = ForkGeneration()
  private var generation = 0

  init() { generation = forks.current }

  deinit {
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    bytes.deallocate()
  }

  /// Hands `count` fresh bytes to `body`.
  @inline(__always)
  mutating func withBytes<Result>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    precondition(count <= Self.smallest, "no block holds so many bytes")
    if used &+ count > size || generation != forks.current { refill() }
    let fresh = UnsafeMutableRawBufferPointer(rebasing: bytes[used..<used &+ count])
    used &+= count
    let result = body(UnsafeRawBufferPointer(fresh))
    fresh.initializeMemory(as: UInt8.self, repeating: 0)
    return result
  }

  private mutating func refill() {
    generation = forks.current
    used = 0
    size = min(max(Self.smallest, 4 * size), Self.largest)
    Self.fill(UnsafeMutableRawBufferPointer(rebasing: bytes[..<size]))
  }

  #if canImport(Darwin)
    private static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
      if let start = bytes.baseAddress { arc4random_buf(start, bytes.count) }
    }
  #else
    private static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
      var rest = bytes[...]
      while !rest.isEmpty {
        // A signal may leave a part undone.
        let count = getrandom(UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress, rest.count, 0)
        if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return fillOtherwise(rest) }
      }
    }

    // A sandbox may forbid the call; the standard library's generator then finds another door or traps.
    private static func fillOtherwise(_ rest: Slice<UnsafeMutableRawBufferPointer>) {
      var generator = SystemRandomNumberGenerator()
      for index in rest.indices { rest.base[index] = UInt8.random(in: .min ... .max, using: &generator) }
    }
  #endif
}
