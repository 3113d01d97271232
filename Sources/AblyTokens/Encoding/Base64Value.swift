/// A text that is usually the base64 of a fixed number of bytes: a MAC, a nonce.
///
/// What this package makes is kept as bytes, in place, and spelt out where it is written; what a peer wrote
/// otherwise is kept as the text it was. A text that spells such bytes becomes bytes, so that equal values
/// compare equal.
struct Base64Value<Bytes: SIMD<UInt8> & Sendable & Hashable>: Sendable, Hashable {
  private let value: Bytes
  private let foreign: Foreign<String>?

  /// The bytes, unless a peer wrote something else.
  var bytes: Bytes? { foreign == nil ? value : nil }

  init(_ bytes: Bytes) {
    value = bytes
    foreign = nil
  }

  /// Takes the bytes from memory, which must hold at least as many.
  @inline(__always)
  init(copying memory: UnsafeRawBufferPointer) {
    self.init(memory.loadUnaligned(as: Bytes.self))
  }

  init(_ text: String, in base64: Base64) {
    let bytes =
      text.utf8.count == base64.encodedCount(Bytes.scalarCount)
      ? base64.decode(text.utf8).flatMap { $0.count == Bytes.scalarCount ? $0 : nil } : nil
    guard let bytes else {
      value = .zero
      foreign = Foreign(text)
      return
    }
    self = bytes.withUnsafeBytes { Self(copying: $0) }
  }

  func text(in base64: Base64) -> String {
    foreign?.spelling ?? withUnsafeBytes(of: value) { base64.encode($0) }
  }

  /// The most bytes that it takes on the wire, quoted as JSON or not.
  @inline(__always)
  func bound(in base64: Base64) -> Int {
    foreign.map { WireWriter.jsonBound($0.spelling) } ?? base64.encodedCount(Bytes.scalarCount) + 2
  }

  @inline(__always)
  func append(in base64: Base64, to writer: inout WireWriter) {
    if let foreign {
      writer.append(foreign.spelling)
    } else {
      withUnsafeBytes(of: value) { writer.append($0, in: base64) }
    }
  }

  @inline(__always)
  func append(jsonIn base64: Base64, to writer: inout WireWriter) {
    if let foreign {
      writer.append(json: foreign.spelling)
    } else {
      writer.append(UInt8(ascii: "\""))
      withUnsafeBytes(of: value) { writer.append($0, in: base64) }
      writer.append(UInt8(ascii: "\""))
    }
  }
}

/// The 32 bytes of an HMAC-SHA256.
typealias MACValue = Base64Value<SIMD32<UInt8>>

/// The 16 random bytes of a nonce.
typealias NonceValue = Base64Value<SIMD16<UInt8>>
