/// A MessagePack document as it travelled.
///
/// Names in maps are strings, as everything that Ably sends has them. Whole numbers are one kind, however
/// they were written.
public enum MessagePackValue: Sendable, Hashable {
  /// `nil`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number that `Int64` holds.
  case integer(Int64)
  /// A whole number above `Int64.max`.
  case large(UInt64)
  /// A fraction, an infinity, or not a number.
  case double(Double)
  /// Text.
  case string(String)
  /// Bytes.
  case binary([UInt8])
  /// An array.
  case array([MessagePackValue])
  /// A map; its names are unique.
  case map([String: MessagePackValue])
  /// A value of an application's own type, such as a timestamp (-1).
  case custom(type: Int8, [UInt8])
}
