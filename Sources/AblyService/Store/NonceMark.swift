internal import AblyTokens
internal import Crypto

/// What is remembered of a token request that was exchanged: sixteen bytes of a hash over key, timestamp and
/// nonce. A long nonce costs no more than a short one.
public struct NonceMark: Sendable, Hashable {
  private let high: UInt64
  private let low: UInt64

  /// The mark of a request.
  ///
  /// - Parameters:
  ///   - keyName: the key that signed it.
  ///   - timestamp: the request's, in milliseconds since 1970.
  ///   - nonce: the request's.
  public init(keyName: String, timestamp: Int64, nonce: String) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (index, byte) in SHA256.hash(data: Array("\(keyName)\n\(timestamp)\n\(nonce)".utf8)).prefix(16)
      .enumerated()
    {
      if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
    }
    self.high = high
    self.low = low
  }

  /// The sixteen bytes.
  public var bytes: [UInt8] {
    [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
  }
}
