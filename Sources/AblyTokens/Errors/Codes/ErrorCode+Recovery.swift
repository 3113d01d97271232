// What is lost, or may be, when a connection is taken up again.
extension ErrorInfo.Code {
  /// An old client resumed with a serial that is not valid.
  public static let invalidConnectionSerial: Self = 40007

  /// The service no longer holds the connection's state, because it was idle for too long.
  public static let connectionNoLongerAvailable: Self = 80005

  /// The connection goes on, but what was sent during the interruption may be missing.
  public static let connectionMessagesExpired: Self = 80006

  /// The connection goes on, but more messages had gathered than are kept for it.
  public static let connectionMessageLimitExceeded: Self = 80007

  /// The former connection could not be taken up again, and a new one was made instead.
  public static let connectionRecoveryFailed: Self = 80008

  /// The connection could not be recovered because the credentials are not those it had.
  public static let incompatibleConnectionAuth: Self = 80011

  /// The connection was resumed without a valid serial, so messages may be missing.
  public static let connectionSerialInvalid: Self = 80012

  /// The operation was meant for a connection that a newer one has replaced.
  public static let connectionReplaced: Self = 80016

  /// The key to resume with is not in a valid form. The connection has a new id instead.
  public static let invalidConnectionKey: Self = 80018

  /// Messages for the connection came faster than it may receive them, and some were dropped.
  public static let deliveryRateExceeded: Self = 80020

  /// The server that was reached does not hold the connection.
  public static let connectionNotFound: Self = 80022

  /// The client came back in another region, and has a new connection id.
  public static let connectionMovedRegion: Self = 80023
}

extension ErrorInfo.Code {
  static let recoveryEntries: [Entry] = [
    Entry(
      .invalidConnectionSerial, "invalid connection serial",
      "Update the client that resumes by connection serial; current ones do not send it."),
    Entry(
      .connectionNoLongerAvailable, "connection no longer held",
      "Nothing: the client makes a new connection and attaches its channels again."),
    Entry(
      .connectionMessagesExpired, "messages of the interruption expired",
      "Read the channels' history from the last message that you have seen."),
    Entry(
      .connectionMessageLimitExceeded, "too many messages during the interruption",
      "Fetch the missing part from history, and keep interruptions of busy clients short."),
    Entry(
      .connectionRecoveryFailed, "connection could not be recovered",
      """
      Nothing for the connection, which is a new one. Enter presence again if the client did not, and read \
      from history what may be missing.
      """),
    Entry(
      .incompatibleConnectionAuth, "recovery with other credentials",
      """
      Recover a connection with a token of the same app and clientId, or connect anew without the recovery \
      key.
      """),
    Entry(
      .connectionSerialInvalid, "no valid position to resume from",
      """
      Read from history what came after the last message you handled; there was no position to resume from.
      """),
    Entry(
      .connectionReplaced, "connection replaced by a newer one", status: 410,
      """
      Nothing: the client connects again by itself. If it repeats, look for two clients that use one \
      connection key.
      """),
    Entry(
      .invalidConnectionKey, "invalid connection key",
      """
      If you pass a recovery key, store and pass it unchanged; otherwise the new connection needs nothing, \
      except that presence members have new ids.
      """),
    Entry(
      .deliveryRateExceeded, "messages dropped: delivered too fast",
      """
      Read what is missing from history if it matters, and spread the subscriptions over more connections.
      """),
    Entry(
      .connectionNotFound, "connection not found", status: 410,
      """
      Nothing: the client makes the connection anew. Look for a proxy that sends a client's requests to \
      different hosts if it repeats.
      """),
    Entry(
      .connectionMovedRegion, "connection made in another region",
      """
      Nothing, except where your code remembers the connection id: read it again after every connected \
      event.
      """),
  ]
}
