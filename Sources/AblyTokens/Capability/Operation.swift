extension Capability {
  /// Something that a capability can allow, such as `publish`.
  ///
  /// Open: a capability may list an operation that this version has no name for, and it is kept as it is.
  /// Two operations are equal when their UTF-8 bytes are. `String` would also take two canonically
  /// equivalent spellings for one, which the service does not.
  public struct Operation: RawRepresentable, Sendable, Hashable {
    /// The operation as it stands in a capability text.
    public let rawValue: String

    /// Where the operation stands in an ``OperationSet``'s mask; zero when it has no name here.
    let bit: UInt32

    /// An operation by its text, known or not.
    public init(rawValue: String) {
      self.rawValue = rawValue
      bit = Self.bits[rawValue] ?? 0
    }

    /// Whether this is one of the ``named`` operations. ``all`` is not.
    public var isNamed: Bool { bit != 0 && bit != Self.all.bit }

    /// Whether both are the same bytes.
    public static func == (left: Operation, right: Operation) -> Bool {
      left.bit == right.bit && (left.bit != 0 || left.rawValue.utf8.elementsEqual(right.rawValue.utf8))
    }

    // Without this `!=` would be the standard library's for `RawRepresentable`, which compares strings.
    /// Whether the bytes differ.
    public static func != (left: Operation, right: Operation) -> Bool { !(left == right) }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
      var text = rawValue
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}

extension Capability.Operation: Comparable {
  /// Orders by UTF-8 bytes, as the canonical text does.
  public static func < (left: Self, right: Self) -> Bool {
    left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
  }
}

extension Capability.Operation: ExpressibleByStringLiteral {
  /// An operation by its text, known or not.
  public init(stringLiteral value: String) { self.init(rawValue: value) }
}

extension Capability.Operation: CustomStringConvertible {
  /// The operation as it stands in a capability text.
  public var description: String { rawValue }
}
