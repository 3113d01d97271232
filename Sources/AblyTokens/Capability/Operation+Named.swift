extension Capability.Operation {
  /// Receive messages, objects and presence changes, and read the presence set.
  public static let subscribe: Self = "subscribe"
  /// Publish messages.
  public static let publish: Self = "publish"
  /// Enter, update and leave the presence set.
  public static let presence: Self = "presence"
  /// Receive updates to a channel's objects.
  public static let objectSubscribe: Self = "object-subscribe"
  /// Update a channel's objects.
  public static let objectPublish: Self = "object-publish"
  /// Receive individual annotations.
  public static let annotationSubscribe: Self = "annotation-subscribe"
  /// Annotate messages.
  public static let annotationPublish: Self = "annotation-publish"
  /// Update messages whose publisher had the same clientId.
  public static let messageUpdateOwn: Self = "message-update-own"
  /// Update any message.
  public static let messageUpdateAny: Self = "message-update-any"
  /// Delete messages whose publisher had the same clientId.
  public static let messageDeleteOwn: Self = "message-delete-own"
  /// Delete any message.
  public static let messageDeleteAny: Self = "message-delete-any"
  /// Read past messages and presence changes.
  public static let history: Self = "history"
  /// Read the app's usage statistics. Counts only app-wide: see ``Capability/allowsAppWide(_:)``.
  public static let stats: Self = "stats"
  /// Subscribe devices to push notifications.
  public static let pushSubscribe: Self = "push-subscribe"
  /// Manage every device registration and push subscription.
  public static let pushAdmin: Self = "push-admin"
  /// Read a channel's status; app-wide, also list the active channels.
  public static let channelMetadata: Self = "channel-metadata"
  /// Set the privileged part of a message's extras.
  public static let privilegedHeaders: Self = "privileged-headers"

  /// Every operation, those to come included: `*`.
  public static let all: Self = "*"

  /// The operations that Ably documents by name, without ``all``.
  public static let named: [Self] = names.map(Self.init(rawValue:))

  private static let names = [
    "subscribe", "publish", "presence", "object-subscribe", "object-publish", "annotation-subscribe",
    "annotation-publish", "message-update-own", "message-update-any", "message-delete-own",
    "message-delete-any", "history", "stats", "push-subscribe", "push-admin", "channel-metadata",
    "privileged-headers",
  ]

  // A `String` key is compared by canonical equivalence; these names have no other equivalent spelling.
  static let bits: [String: UInt32] = {
    var bits = ["*": UInt32(1) << 31]
    for (index, name) in names.enumerated() { bits[name] = 1 << UInt32(index) }
    return bits
  }()
}
