/// The 32 bytes of an HMAC-SHA256, in place.
package struct MACBytes: Sendable, Hashable {
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var fourth: UInt64 = 0

  /// How many they are.
  package static let count = 32

  /// All zero, which is the MAC of nothing.
  static let zero = MACBytes()

  private init() {}

  /// Takes the bytes from memory that holds at least 32.
  @inline(__always)
  init(copying memory: UnsafeRawBufferPointer) {
    self = memory.loadUnaligned(as: MACBytes.self)
  }

  /// The bytes, in memory of their own.
  package var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }

  /// Takes exactly 32 bytes, else gives `nil`.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.count else { return nil }
    self = bytes.withUnsafeBytes(Self.init(copying:))
  }

  /// Reads standard base64; `nil` for any text that this package would not write for a MAC.
  init?(base64 text: String) {
    guard text.utf8.count == Self.base64Count, let bytes = Base64.standard.decode(text.utf8) else {
      return nil
    }
    self.init(bytes)
  }

  static let base64Count = 44

  /// The text in standard base64.
  var base64: String { withUnsafeBytes(of: self) { Base64.standard.encode($0) } }

  /// Compares in constant time, for whoever compares is about to decide about a signature.
  package static func == (left: MACBytes, right: MACBytes) -> Bool {
    (left.first ^ right.first) | (left.second ^ right.second) | (left.third ^ right.third)
      | (left.fourth ^ right.fourth) == 0
  }
}
