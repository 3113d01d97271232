// What is wrong with a message, with a channel's name, or with reading messages back.
extension ErrorInfo.Code {
  /// A message names a connection by an id or a key that is wrong or not its publisher's.
  public static let invalidConnectionId: Self = 40006

  /// A message, all messages of one publish together, or a whole body exceeds the size limit.
  public static let maxMessageSizeExceeded: Self = 40009

  /// The name of a channel is empty, holds a forbidden character, or starts with an unknown `[qualifier]`.
  public static let invalidChannelName: Self = 40010

  /// Data has an unsupported type, or its encoding cannot be applied or undone; also an answer in a content
  /// type that the client cannot read (RSC8e2).
  public static let invalidDataOrEncoding: Self = 40013

  /// The name of a message is not text.
  public static let invalidMessageName: Self = 40016

  /// A message that came as a delta does not fit the one before it.
  public static let deltaDecodingFailed: Self = 40018

  /// History until the attach point was asked in a region that does not know that point.
  public static let incompatibleSiteForHistory: Self = 40024

  /// A publish request is not valid.
  public static let invalidPublishRequest: Self = 40030

  /// The publisher chose message ids, and one is missing, empty or in the wrong form.
  public static let invalidMessageId: Self = 40031

  /// The extras of a message hold an unknown member or a value of the wrong type.
  public static let invalidMessageExtras: Self = 40032

  /// One publish holds more messages than are allowed, whatever their size.
  public static let tooManyMessagesInOnePublish: Self = 40034

  /// An integration's message filter is not a regular expression that RE2 can run.
  public static let filterNotRE2Compatible: Self = 40035
}

extension ErrorInfo.Code {
  static let messageEntries: [Entry] = [
    Entry(
      .invalidConnectionId, "message names another connection",
      """
      Leave connectionId and connectionKey out of the message, or take both from the connection that is \
      open now.
      """),
    Entry(
      .maxMessageSizeExceeded, "message too large", status: 413,
      """
      Split the publish, since the limit counts all its messages together; maxMessageSize in the \
      connection's details is that limit in bytes.
      """),
    Entry(
      .invalidChannelName, "invalid channel name",
      """
      Use a name that is not empty and has no control characters; begin it with `[` only for a qualifier \
      that Ably knows, such as `[meta]`.
      """),
    Entry(
      .invalidDataOrEncoding, "data or content type not supported",
      """
      Publish text, bytes or a JSON object or array, and leave `encoding` to the client. If it was an \
      answer that could not be read, look for a proxy that answers in the service's place.
      """),
    Entry(
      .invalidMessageName, "invalid message name",
      "Pass the message's name as text, or leave it out."),
    Entry(
      .deltaDecodingFailed, "delta could not be applied",
      """
      Nothing: the channel attaches again and gets a whole message. If it goes on, attach without the \
      `delta` parameter.
      """),
    Entry(
      .incompatibleSiteForHistory, "history asked in another region",
      "Ask for history without untilAttach, or detach, attach and ask once more."),
    Entry(
      .invalidPublishRequest, "publish not understood",
      """
      Compare the body with the publish call: one message or an array of messages, each with name, data \
      and, if wanted, id, clientId and extras.
      """),
    Entry(
      .invalidMessageId, "message id not in the required form",
      """
      Give every message of one publish an id over the same base (`base:0`, `base:1`, …), or none of them \
      any.
      """),
    Entry(
      .invalidMessageExtras, "extras not accepted",
      "Remove the member of `extras` that the message names, or correct its type."),
    Entry(
      .tooManyMessagesInOnePublish, "too many messages in one publish",
      "Publish the messages in several calls with fewer messages each."),
    Entry(
      .filterNotRE2Compatible, "filter is not an RE2 expression",
      "Rewrite the filter without look-around and backreferences, which RE2 does not have."),
  ]
}
