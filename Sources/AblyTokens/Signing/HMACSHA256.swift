internal import Crypto

/// HMAC-SHA256 (RFC 2104) with the key's two blocks absorbed once.
///
/// swift-crypto's own `HMAC` costs more even when copied from a keyed one, and several times as much when keyed
/// per message (compare `hmac.oneShot` in `make bench`); copying two SHA-256 states is all that HMAC needs.
/// Checked against the vectors of RFC 4231.
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

  /// The MAC of `message`.
  package func mac(of message: UnsafeRawBufferPointer) -> MACBytes {
    var inner = inner
    inner.update(bufferPointer: message)
    var outer = outer
    withUnsafeBytes(of: MACBytes(inner.finalize())) { outer.update(bufferPointer: $0) }
    return MACBytes(outer.finalize())
  }

  /// The MAC of `message`.
  package func mac(of message: [UInt8]) -> MACBytes {
    message.withUnsafeBytes { mac(of: $0) }
  }
}

extension MACBytes {
  /// A digest is its 32 bytes and nothing else. Copied as such, because asking for them through its closure,
  /// which is not specialised across modules, costs as much as half a block of SHA-256.
  @inline(__always)
  fileprivate init(_ digest: SHA256Digest) {
    if MemoryLayout<SHA256Digest>.size == MemoryLayout<MACBytes>.size {
      self = withUnsafeBytes(of: digest, MACBytes.init(copying:))
    } else {
      self = digest.withUnsafeBytes(MACBytes.init(copying:))
    }
  }
}

// The two states are as good as the key: whoever has them can sign.
extension HMACSHA256: Redacted {}
