// What the credentials do not allow.
extension ErrorInfo.Code {
  /// The credentials are good, but their capability does not permit the operation on this resource.
  public static let capabilityDenied: Self = 40160

  /// The operation is open only to clients with a clientId, and this one has none.
  public static let operationRequiresIdentifiedClient: Self = 40161

  /// The operation, such as revoking tokens, is open to API keys only.
  public static let operationRequiresBasicAuth: Self = 40162

  /// The capability permits the operation, but the channel was attached without the mode for it.
  public static let channelModeNotRequested: Self = 40165

  /// The capability permits changing one's own messages, which a client without a clientId cannot have.
  public static let ownMessagesRequireIdentifiedClient: Self = 40166

  /// The client calls itself a server, and its token has no claim that says so.
  public static let untrustedClientType: Self = 40167

  /// The request was understood and refused. A token endpoint answers so when its policy grants nothing.
  public static let forbidden: Self = 40300
}

extension ErrorInfo.Code {
  static let permissionEntries: [Entry] = [
    Entry(
      .capabilityDenied, "capability does not cover it",
      """
      Ask `ably-auth can OPERATION CHANNEL --token …` which rule decided. Then widen what the token source \
      grants, or the key's own capability, and get a new token: the old one stays as narrow as it is.
      """),
    Entry(
      .operationRequiresIdentifiedClient, "operation needs a clientId",
      "Issue the token with a clientId, or set ClientOptions.clientId where the client holds the key."),
    Entry(
      .operationRequiresBasicAuth, "operation needs the API key",
      """
      Call it on a server, from a client that was made with the API key; no token can do it, whatever its \
      capability.
      """),
    Entry(
      .channelModeNotRequested, "channel mode not requested",
      """
      Add the mode that the message names to the channel's modes and attach again; another token changes \
      nothing.
      """),
    Entry(
      .ownMessagesRequireIdentifiedClient, "no messages of one's own without a clientId",
      """
      Give the client a clientId, or grant `message-update-any` or `message-delete-any` in place of the \
      operation that ends in `-own`.
      """),
    Entry(
      .untrustedClientType, "client type not signed",
      """
      Put the claim `x-ably-clientType` with the value `server` into the JWT, or stop declaring the client \
      type in the request.
      """),
    Entry(
      .forbidden, "forbidden",
      """
      Read the message for the reason. From a token endpoint: no rule of its policy grants this caller what \
      was asked, and asking again changes nothing; its audit line names the rule.
      """),
  ]
}
