/// A nonce of 16 characters of base64url, in place: one more than a `String` holds without an allocation.
struct NonceText: Sendable, Hashable {
  private var characters: SIMD16<UInt8> = .zero

  static let count = 16

  /// How many random bytes make it.
  static let randomCount = 12

  /// Stands where a nonce is spelt otherwise.
  static let none = NonceText()

  private init() {}

  /// Spells 12 random bytes.
  @inline(__always)
  init(of random: UnsafeRawBufferPointer) {
    withUnsafeMutableBytes(of: &characters) {
      _ = Base64.url.encode(random, into: $0.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// `nil` for a text of another length or with other characters, which must be kept as it is.
  init?(_ text: String) {
    guard text.utf8.count == Self.count, text.utf8.allSatisfy(Base64.url.holds) else { return nil }
    for (index, byte) in text.utf8.enumerated() { characters[index] = byte }
  }

  var text: String {
    withUnsafeBytes(of: characters) { String(decoding: $0, as: UTF8.self) }
  }
}

extension WireWriter {
  @inline(__always)
  mutating func append(line nonce: NonceText) {
    withUnsafeBytes(of: nonce) { append(line: $0.assumingMemoryBound(to: UInt8.self)) }
  }

  @inline(__always)
  mutating func append(_ nonce: NonceText) {
    withUnsafeBytes(of: nonce) { append($0.assumingMemoryBound(to: UInt8.self)) }
  }
}
