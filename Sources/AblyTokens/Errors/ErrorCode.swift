extension ErrorInfo {
  /// One of Ably's error codes. Open: a code this version does not name still travels through unchanged.
  public struct Code: RawRepresentable, Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral {
    /// The number, such as 40142.
    public let rawValue: Int

    /// A code by its number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// A code by its number.
    public init(integerLiteral value: Int) { rawValue = value }

    /// Orders codes by their numbers.
    public static func < (left: Code, right: Code) -> Bool { left.rawValue < right.rawValue }

    /// Whether the code says that the token is at fault, 40140 to 40149 (RSC10).
    public var isTokenError: Bool { (40140..<40150).contains(rawValue) }
  }
}
