// Accounts and apps that are closed or have reached a limit of theirs.
extension ErrorInfo.Code {
  /// The account is disabled, and all its apps with it.
  public static let accountDisabled: Self = 40110

  /// The account has as many connections as it may have.
  public static let accountConnectionLimitExceeded: Self = 40111

  /// The account has used the messages it may send.
  public static let accountMessageLimitExceeded: Self = 40112

  /// The account is blocked.
  public static let accountBlocked: Self = 40113

  /// The account has as many active channels as it may have.
  public static let accountChannelLimitExceeded: Self = 40114

  /// The account has used the API and token requests it may make.
  public static let accountRequestLimitExceeded: Self = 40115

  /// The app is disabled.
  public static let applicationDisabled: Self = 40120

  /// The app has as many integrations as it may have.
  public static let applicationIntegrationLimitExceeded: Self = 40125

  /// The app has as many channel rules as it may have.
  public static let applicationChannelRuleLimitExceeded: Self = 40126

  /// The app has as many keys as it may have.
  public static let applicationKeyLimitExceeded: Self = 40127

  /// The account has as many apps as it may have.
  public static let accountApplicationLimitExceeded: Self = 40128

  /// The app has as many connections as it may have.
  public static let applicationConnectionLimitExceeded: Self = 40150

  /// One token serves as many connections as it may.
  public static let tokenConnectionLimitExceeded: Self = 40151
}

extension ErrorInfo.Code {
  static let accountEntries: [Entry] = [
    Entry(
      .accountDisabled, "account disabled",
      """
      Ask the account's owner or Ably why it is disabled; no other key or token of the account works \
      either.
      """),
    Entry(
      .accountConnectionLimitExceeded, "too many connections in the account", status: 403,
      """
      Look for clients that are made and never closed, such as one for each request; if all are needed, \
      raise the account's connection limit.
      """),
    Entry(
      .accountMessageLimitExceeded, "too many messages in the account",
      "See in the account's statistics which app sends so much, then send less or raise the message limit."),
    Entry(
      .accountBlocked, "account blocked",
      "Contact Ably with the account's name: nothing on the client's side lifts a block."),
    Entry(
      .accountChannelLimitExceeded, "too many channels in the account", status: 403,
      """
      Detach channels that nobody uses and use names again instead of making new ones; if all are needed, \
      raise the channel limit.
      """),
    Entry(
      .accountRequestLimitExceeded, "too many requests in the account", status: 403,
      """
      Keep one client for the life of the process: it uses a token until it expires, where a client for \
      each request gets a token each time. If that is done, raise the request limit.
      """),
    Entry(
      .applicationDisabled, "app disabled",
      "Enable the app in the account's dashboard, or use a key of an app that is enabled."),
    Entry(
      .applicationIntegrationLimitExceeded, "too many integrations in the app",
      "Delete an integration that the app no longer uses, then create the new one."),
    Entry(
      .applicationChannelRuleLimitExceeded, "too many channel rules in the app",
      """
      Merge or delete channel rules, for instance by a rule for a shorter namespace, then create the new \
      one.
      """),
    Entry(
      .applicationKeyLimitExceeded, "too many API keys in the app",
      "Delete keys that nothing uses. Users and devices need tokens, not keys of their own."),
    Entry(
      .accountApplicationLimitExceeded, "too many apps in the account",
      "Delete apps that are left over, such as those of old test runs, then create the new one."),
    Entry(
      .applicationConnectionLimitExceeded, "too many connections in the app",
      """
      Close connections of this app that nothing uses, first those of clients that start again and again; \
      else raise the app's limit.
      """),
    Entry(
      .tokenConnectionLimitExceeded, "too many connections with one token",
      "Give every client a token of its own instead of sharing one."),
  ]
}
