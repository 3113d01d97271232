/// A text that is usually the base64 of a fixed number of bytes: a MAC, a nonce.
///
/// What this package makes is kept as bytes, in place, and spelt out where it is written; what a peer wrote
/// otherwise is kept as the text it was. A text that spells such bytes becomes bytes, so that equal values
/// compare equal.
enum Base64Value<Bytes: SIMD<UInt8> & Sendable & Hashable>: Sendable, Hashable {
  case bytes(Bytes)
  case text(String)

  /// Takes the bytes from memory, which must hold at least as many.
  init(copying memory: UnsafeRawBufferPointer) {
    self = .bytes(memory.loadUnaligned(as: Bytes.self))
  }

  init(_ text: String, in base64: Base64) {
    guard text.utf8.count == base64.encodedCount(Bytes.scalarCount), let bytes = base64.decode(text.utf8),
      bytes.count == Bytes.scalarCount
    else {
      self = .text(text)
      return
    }
    self = bytes.withUnsafeBytes(Self.init(copying:))
  }

  func text(in base64: Base64) -> String {
    switch self {
    case .bytes(let bytes): withUnsafeBytes(of: bytes) { base64.encode($0) }
    case .text(let text): text
    }
  }

  /// The most bytes that it takes on the wire, quoted as JSON or not.
  func bound(in base64: Base64) -> Int {
    switch self {
    case .bytes: base64.encodedCount(Bytes.scalarCount) + 2
    case .text(let text): WireWriter.jsonBound(text)
    }
  }

  @inline(__always)
  func append(in base64: Base64, to writer: inout WireWriter) {
    switch self {
    case .bytes(let bytes): withUnsafeBytes(of: bytes) { writer.append($0, in: base64) }
    case .text(let text): writer.append(text)
    }
  }

  @inline(__always)
  func append(jsonIn base64: Base64, to writer: inout WireWriter) {
    guard case .text(let text) = self else {
      writer.append(UInt8(ascii: "\""))
      append(in: base64, to: &writer)
      writer.append(UInt8(ascii: "\""))
      return
    }
    writer.append(json: text)
  }
}

/// The 32 bytes of an HMAC-SHA256.
typealias MACValue = Base64Value<SIMD32<UInt8>>

/// The 16 random bytes of a nonce.
typealias NonceValue = Base64Value<SIMD16<UInt8>>
