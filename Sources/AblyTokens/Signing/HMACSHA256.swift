internal import Crypto

/// HMAC-SHA256 (RFC 2104) with the key's two blocks absorbed once.
///
/// swift-crypto's own `HMAC` costs 1.6 times as much even when copied from a keyed one, and five times when
/// keyed per message (`make bench BENCH=hmac`); copying two SHA-256 states is all that HMAC needs. Checked
/// against the vectors of RFC 4231.
package struct HMACSHA256: Sendable {
  private let inner: SHA256
  private let outer: SHA256

  package init(key: some Collection<UInt8>) {
    var block = Array(key)
    if block.count > SHA256.blockByteCount { block = Array(SHA256.hash(data: block)) }
    block += repeatElement(0, count: SHA256.blockByteCount - block.count)
    var inner = SHA256()
    inner.update(data: block.map { $0 ^ 0x36 })
    var outer = SHA256()
    outer.update(data: block.map { $0 ^ 0x5C })
    self.inner = inner
    self.outer = outer
  }

  /// The 32 bytes of the MAC, handed to `body` where they lie.
  package func withMAC<Result>(
    of message: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    var inner = inner
    inner.update(bufferPointer: message)
    var outer = outer
    inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
    return outer.finalize().withUnsafeBytes(body)
  }

  /// The 32 bytes of the MAC.
  package func mac(of message: [UInt8]) -> [UInt8] {
    message.withUnsafeBytes { withMAC(of: $0) { Array($0) } }
  }
}
