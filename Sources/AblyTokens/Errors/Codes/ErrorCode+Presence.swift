// Presence: who is on a channel.
extension ErrorInfo.Code {
  /// A member of the presence set is known by its clientId, and this client has none.
  public static let presenceRequiresClientId: Self = 91000

  /// Presence is possible on an attached channel only.
  public static let presenceInWrongChannelState: Self = 91001

  /// A member was to leave that is not in the presence set.
  public static let notPresent: Self = 91002

  /// The channel has as many members as it may have.
  public static let tooManyPresenceMembers: Self = 91003

  /// After reconnecting, the client could not enter its members again (RTP17e).
  public static let presenceReentryFailed: Self = 91004

  /// The presence set is not known to be current, for instance while the channel is suspended (RTP11d).
  public static let presenceOutOfSync: Self = 91005

  /// The data of all members together would exceed the limit of the presence set.
  public static let presenceDataTooLarge: Self = 91006

  /// A member was dropped although its connection is alive; the channel is detached so that it enters
  /// again.
  public static let presenceMembershipLost: Self = 91007

  /// Members were asked for on a channel that was attached without the presence_subscribe mode.
  public static let presenceSubscribeModeNotEnabled: Self = 91008

  /// A member left the presence set because its connection closed.
  public static let presenceMemberLeft: Self = 91100
}

extension ErrorInfo.Code {
  static let presenceEntries: [Entry] = [
    Entry(
      .presenceRequiresClientId, "presence needs a clientId",
      """
      Issue the token with a clientId or set ClientOptions.clientId; a client whose token has the wildcard \
      `*` enters for somebody by enterClient().
      """),
    Entry(
      .presenceInWrongChannelState, "channel in the wrong state for presence",
      "Attach the channel and wait for that before entering presence."),
    Entry(
      .notPresent, "not present",
      """
      Check that enter and leave use the same clientId on the same connection; a member that has already \
      left needs nothing.
      """),
    Entry(
      .tooManyPresenceMembers, "too many presence members",
      "Spread the members over several channels, or let only those enter whom others need to see."),
    Entry(
      .presenceReentryFailed, "could not enter presence again",
      "Read the cause, most often a capability that has lost `presence`, then enter again yourself."),
    Entry(
      .presenceOutOfSync, "presence out of sync",
      """
      Wait until the channel is attached again, or call get with waitForSync off and take the last known \
      members.
      """),
    Entry(
      .presenceDataTooLarge, "presence data too large",
      "Keep a member's data to a few bytes, such as a status, and publish the rest as messages."),
    Entry(
      .presenceMembershipLost, "presence membership lost", status: 500,
      "Nothing: the client attaches and enters again by itself. Report it if it repeats."),
    Entry(
      .presenceSubscribeModeNotEnabled, "channel attached without presence_subscribe",
      "Add the presence_subscribe mode to the channel's modes and attach again."),
    Entry(
      .presenceMemberLeft, "member's connection closed",
      "Nothing: it is what happens when a client goes away without leaving."),
  ]
}
