/// A JSON number with the text that stood in the document.
public struct JSONNumber: Sendable, Hashable {
  /// The number as it was written, such as `3600000` or `3.6e6`.
  public let literal: String

  /// A whole number in its shortest form.
  public init(_ value: some BinaryInteger) {
    literal = String(value)
  }

  /// A fraction in its shortest form; `nil` for infinities and NaN, which JSON cannot write.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    literal = Int64(exactly: value).map(String.init) ?? String(value)
  }

  /// The caller vouches that `literal` matches RFC 8259's grammar.
  init(unchecked literal: String) {
    self.literal = literal
  }

  /// The value when it is whole and fits, however it was written: `3.6e6` is 3600000.
  public var int64: Int64? {
    Int64(literal) ?? Double(literal).flatMap(Int64.init(exactly:))
  }

  /// The nearest double; huge exponents give an infinity.
  public var double: Double { Double(literal) ?? .nan }
}
