/// What a message does (TM5). Open: one that is not named here travels through unchanged.
public struct MessageAction: RawRepresentable, Sendable, Hashable {
  /// The number that travels.
  public let rawValue: Int

  /// An action by its number.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A new message.
  public static let create = Self(rawValue: 0)
  /// Another version of a message.
  public static let update = Self(rawValue: 1)
  /// The end of a message.
  public static let delete = Self(rawValue: 2)
  /// News about the channel itself.
  public static let meta = Self(rawValue: 3)
  /// The sum of a message's annotations.
  public static let summary = Self(rawValue: 4)
  /// More data for a message.
  public static let append = Self(rawValue: 5)
}
