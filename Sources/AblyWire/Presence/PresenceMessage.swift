public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Somebody who is present on a channel, or what became of them (TP1).
public struct PresenceMessage: Sendable, Hashable {
  /// What makes it the same when it comes again (TP3a).
  public var id: String?

  /// What happened (TP3b).
  public var action: PresenceAction?

  /// The identity of the member (TP3c).
  public var clientId: String?

  /// The connection of the member (TP3d).
  public var connectionId: String?

  /// What the member brought along (TP3e).
  public var data: MessageData?

  /// The encodings that are still to be undone (TP3f); see ``Message/encoding``.
  public var encoding: String?

  /// When the service received it, exact to the millisecond (TP3g).
  public var timestamp: Date?

  /// Further data (TP3i).
  public var extras: JSONValue?

  /// Describes a member.
  public init(action: PresenceAction? = nil, clientId: String? = nil, data: MessageData? = nil) {
    self.action = action
    self.clientId = clientId
    self.data = data
  }

  /// The member, wherever it comes from (TP3h): one identity may be present by several connections.
  public var memberKey: String { "\(connectionId ?? ""):\(clientId ?? "")" }
}

/// What happened to a member (TP2). Open: one that is not named here travels through unchanged.
public struct PresenceAction: RawRepresentable, Sendable, Hashable {
  /// The number that travels.
  public let rawValue: Int

  /// An action by its number.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// It is not there.
  public static let absent = Self(rawValue: 0)
  /// It was there already.
  public static let present = Self(rawValue: 1)
  /// It came.
  public static let enter = Self(rawValue: 2)
  /// It went.
  public static let leave = Self(rawValue: 3)
  /// Its data changed.
  public static let update = Self(rawValue: 4)
}
