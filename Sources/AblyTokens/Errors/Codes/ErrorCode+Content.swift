// Messages that a content check turned away.
extension ErrorInfo.Code {
  /// A check of the content refused a message that is otherwise well-formed.
  public static let unprocessableContent: Self = 42200

  /// Some check rejected the content; it is not known which.
  public static let contentRejected: Self = 42210

  /// An integration that sees messages before they are accepted rejected this one.
  public static let contentRejectedByIntegration: Self = 42211

  /// The content does not satisfy the channel's validation.
  public static let contentRejectedByValidation: Self = 42212

  /// The channel's moderation does not permit the content.
  public static let contentRejectedByModeration: Self = 42213
}

extension ErrorInfo.Code {
  static let contentEntries: [Entry] = [
    Entry(
      .unprocessableContent, "message content not accepted",
      "Change what the message says, not how it is encoded; the message of the error may name the check."),
    Entry(
      .contentRejected, "message rejected by a check",
      """
      Look in the app's settings for the checks on this channel, and try them one at a time to find the one \
      that rejects.
      """),
    Entry(
      .contentRejectedByIntegration, "message rejected by an integration",
      """
      Read the log of the integration that runs before publishing on this channel: the rejection is its \
      decision.
      """),
    Entry(
      .contentRejectedByValidation, "message rejected by validation",
      "Compare the data with the schema or rule that is set for the channel."),
    Entry(
      .contentRejectedByModeration, "message rejected by moderation",
      "Tell the author that the text was not permitted; do not send it again unchanged."),
  ]
}
