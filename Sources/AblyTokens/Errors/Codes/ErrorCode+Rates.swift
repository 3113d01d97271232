// Too much in too short a time.
extension ErrorInfo.Code {
  /// The service protects itself from overload; it is not a limit of the account.
  public static let systemRateLimitExceeded: Self = 42910

  /// One connection publishes faster than one connection may. The message was not published.
  public static let connectionPublishRateExceeded: Self = 42911

  /// The app's channels are being listed already, and only one listing may run at a time.
  public static let channelEnumerationInProgress: Self = 42912

  /// All publishers together send more messages to the channel than it may take.
  public static let channelPublishRateExceeded: Self = 42913

  /// All publishers together send more bytes to the channel than it may take.
  public static let channelBandwidthExceeded: Self = 42914

  /// More was sent to a connection than one connection may receive, and some messages were dropped.
  public static let connectionDeliveryRateExceeded: Self = 42915

  /// After a resume more was waiting than a connection may receive, and some messages were dropped.
  public static let connectionBacklogRateExceeded: Self = 42916

  /// All apps of the account together publish faster than they may; a part of the messages is refused.
  public static let accountMessageRateExceeded: Self = 42917

  /// All apps of the account together make REST requests faster than they may.
  public static let accountRequestRateExceeded: Self = 42918

  /// A limit was exceeded so far that the connection was closed.
  public static let fatalRateLimitExceeded: Self = 42920

  /// The connection published many times faster than one may, and was closed.
  public static let fatalConnectionPublishRateExceeded: Self = 42921

  /// Too many requests came in a short time. A token endpoint answers so above its limit for a caller.
  public static let rateLimited: Self = 42922

  /// The target of an integration answered that it is called too often; the limit is the target's.
  public static let integrationTargetRateLimited: Self = 42923

  /// The connection sent attaches, presence updates and other requests faster than it may, and was closed.
  public static let fatalProtocolMessageRateExceeded: Self = 42924

  /// The account's integrations are invoked faster than they may be; a part was dropped.
  public static let accountIntegrationRateExceeded: Self = 42925

  /// The account sends push notifications faster than it may; a part was dropped.
  public static let accountPushRateExceeded: Self = 42926
}

extension ErrorInfo.Code {
  static let rateEntries: [Entry] = [
    Entry(
      .systemRateLimitExceeded, "service is shedding load",
      "Repeat the operation after a pause, and double the pause each time it is refused."),
    Entry(
      .connectionPublishRateExceeded, "connection publishes too fast",
      "Publish this message again after a pause, and spread steady traffic over more connections."),
    Entry(
      .channelEnumerationInProgress, "channels already being listed",
      "Wait until the other listing of channels is done; make one process of yours responsible for it."),
    Entry(
      .channelPublishRateExceeded, "channel receives too many messages",
      """
      Send fewer messages to this channel, for instance several changes in one, or split it into several \
      channels.
      """),
    Entry(
      .channelBandwidthExceeded, "channel receives too many bytes",
      "Make the messages smaller, first by publishing a reference in place of a large payload."),
    Entry(
      .connectionDeliveryRateExceeded, "connection receives too fast",
      "Subscribe to fewer busy channels on one connection, and read what was dropped from history."),
    Entry(
      .connectionBacklogRateExceeded, "resumed connection receives too fast",
      "Read the messages of the interruption from history instead of relying on the resume."),
    Entry(
      .accountMessageRateExceeded, "account publishes too fast",
      "Find the app that publishes so much in the account's statistics; retry what matters after a pause."),
    Entry(
      .accountRequestRateExceeded, "account makes too many requests",
      """
      Retry after a pause, and look for code that polls or that asks for a token more often than tokens \
      expire.
      """),
    Entry(
      .fatalRateLimitExceeded, "connection closed for excess",
      """
      Stop the operation that the message's metric names before connecting again, or the connection is \
      closed again.
      """),
    Entry(
      .fatalConnectionPublishRateExceeded, "connection closed for publishing far too fast",
      """
      Look for a loop that publishes without waiting, such as a message handler that publishes to its own \
      channel.
      """),
    Entry(
      .rateLimited, "too many requests",
      """
      Wait for as long as Retry-After says, or a few seconds, before asking again, and keep a token until \
      it expires rather than asking for one each time.
      """),
    Entry(
      .integrationTargetRateLimited, "integration target refuses for its rate",
      "Raise the limit of the target, or have the integration send in batches."),
    Entry(
      .fatalProtocolMessageRateExceeded, "connection closed for too many protocol messages",
      "Look for code that attaches and detaches, or updates presence, in a loop."),
    Entry(
      .accountIntegrationRateExceeded, "account's integrations run too often",
      "Narrow the integrations' channel filters or let them send in batches."),
    Entry(
      .accountPushRateExceeded, "account sends too many push notifications",
      "Spread large pushes over time, and push to channels rather than to each device."),
  ]
}
