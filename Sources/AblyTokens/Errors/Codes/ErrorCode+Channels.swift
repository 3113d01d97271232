// Channels: attaching, history and continuity.
extension ErrorInfo.Code {
  /// An attach, detach or publish could not be completed.
  public static let channelOperationFailed: Self = 90000

  /// The operation is not possible while the channel is in its present state.
  public static let invalidChannelState: Self = 90001

  /// The point to read history from is incomplete or no longer kept.
  public static let channelHistoryUnavailable: Self = 90002

  /// The point to resume the channel from is no longer there, so messages may be missing.
  public static let channelContinuityLost: Self = 90003

  /// More messages were waiting than one replay delivers; the older ones were left out.
  public static let channelBacklogTooLarge: Self = 90004

  /// The client came back in another region, and the channel goes on from now.
  public static let channelResumedInAnotherRegion: Self = 90005

  /// The whole history was asked for at once.
  public static let historyWithoutLimit: Self = 90006

  /// An attach or detach was not answered in time. It may or may not have happened.
  public static let channelOperationTimedOut: Self = 90007

  /// History until the attach point was asked so late that the point is no longer kept.
  public static let attachPointNotFound: Self = 90008

  /// Somebody listens on a channel that was attached without the subscribe mode, and will hear nothing.
  public static let subscribeModeNotEnabled: Self = 90009

  /// One connection attaches, or one batch names, more channels than allowed.
  public static let tooManyChannels: Self = 90010

  /// The account activates new channels faster than it may.
  public static let accountChannelRateExceeded: Self = 90021
}

extension ErrorInfo.Code {
  static let channelEntries: [Entry] = [
    Entry(
      .channelOperationFailed, "channel operation failed",
      "Read the channel's errorReason and the cause, then repeat the operation."),
    Entry(
      .invalidChannelState, "channel in the wrong state",
      """
      Read the channel's state and errorReason. A failed channel needs its cause removed and attach() \
      called; a suspended one attaches again when the connection is back.
      """),
    Entry(
      .channelHistoryUnavailable, "history could not be read",
      """
      Ask for a shorter or later range, and turn on persistence for the channel if older messages are \
      needed.
      """),
    Entry(
      .channelContinuityLost, "continuity not guaranteed", status: 404,
      """
      Compare what you have with the channel's history, since the interruption was longer than messages are \
      kept for resuming.
      """),
    Entry(
      .channelBacklogTooLarge, "backlog too large", status: 404,
      "Read the older messages from history, or ask for a shorter rewind."),
    Entry(
      .channelResumedInAnotherRegion, "channel resumed in another region", status: 404,
      "Read from history what was published while the client moved; the channel itself needs nothing."),
    Entry(
      .historyWithoutLimit, "history without a limit",
      "Pass a `limit`, and read page by page."),
    Entry(
      .channelOperationTimedOut, "channel operation timed out", status: 408,
      "Check the connection's state, then attach or detach again: both may be repeated safely."),
    Entry(
      .attachPointNotFound, "attach point too old",
      "Ask right after attaching, or without untilAttach and with a start time of your own."),
    Entry(
      .subscribeModeNotEnabled, "channel attached without subscribe",
      "Add the subscribe mode to the channel's modes and attach again, or set no modes at all."),
    Entry(
      .tooManyChannels, "too many channels",
      "Detach channels that the client has left, or name fewer channels in one batch."),
    Entry(
      .accountChannelRateExceeded, "account activates channels too fast", status: 429,
      "Retry the attach after a pause, and use fewer short-lived channel names."),
  ]
}
