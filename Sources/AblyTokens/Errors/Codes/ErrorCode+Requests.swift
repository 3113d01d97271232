// What is wrong with a request as such.
extension ErrorInfo.Code {
  /// The request makes no sense: JSON that does not parse, a capability with an unknown operation.
  public static let badRequest: Self = 40000

  /// The body is missing, incomplete, or not in the format that its Content-Type names.
  public static let invalidRequestBody: Self = 40001

  /// A parameter is not known, or not permitted in this request.
  public static let invalidParameterName: Self = 40002

  /// A parameter has the wrong type or lies outside its range, such as a ttl of 25 hours.
  public static let invalidParameterValue: Self = 40003

  /// A header is missing or holds a value that is not accepted.
  public static let invalidHeader: Self = 40004

  /// A key or token has a form that cannot be read. A readable one that is refused is
  /// ``invalidCredentials``.
  public static let malformedCredential: Self = 40005

  /// The body is longer than its Content-Length header says.
  public static let invalidContentLength: Self = 40008

  /// The results changed while they were read page by page.
  public static let paginationNoLongerValid: Self = 40011

  /// The clientId has a form that is not allowed, or is not one that the credentials permit.
  public static let invalidClientId: Self = 40012

  /// Something inside the service was not available for a moment.
  public static let resourceDisposed: Self = 40014

  /// The request names no protocol version, or one that the service does not speak.
  public static let unsupportedProtocolVersion: Self = 40017

  /// Some items of a batch failed. Each of them carries an error of its own.
  public static let batchRequestError: Self = 40020

  /// The operation was given up before it was complete.
  public static let operationCanceled: Self = 40033

  /// No service sends this code: it is there for tests to inject.
  public static let reservedForTesting: Self = 40099
}

extension ErrorInfo.Code {
  static let requestEntries: [Entry] = [
    Entry(
      .badRequest, "bad request",
      """
      Read the message: it names the part that was not understood. `ably-auth inspect` shows a TokenRequest \
      member by member, `ably-auth can` tries a capability.
      """),
    Entry(
      .invalidRequestBody, "unreadable request body",
      "Send JSON or MessagePack, and make the Content-Type header name the one you send."),
    Entry(
      .invalidParameterName, "unknown parameter",
      """
      Compare the parameter names with the documentation of the call, letter by letter: their case counts.
      """),
    Entry(
      .invalidParameterValue, "parameter out of range",
      """
      Correct the parameter that the message names. A ttl is in milliseconds, positive, and at most 24 \
      hours, or 1 hour where the key's tokens are revocable.
      """),
    Entry(
      .invalidHeader, "missing or invalid header",
      """
      Look at the headers that your own code or a proxy adds, first Accept, Content-Type and \
      X-Ably-Version. X-Ably-ClientId has to be base64.
      """),
    Entry(
      .malformedCredential, "unreadable key or token",
      """
      Copy the key or token again, whole and without spaces or line breaks, and check that neither stands \
      where the other belongs.
      """),
    Entry(
      .invalidContentLength, "wrong Content-Length",
      "Leave Content-Length to the HTTP client, and look for a proxy that changes bodies on their way."),
    Entry(
      .paginationNoLongerValid, "page no longer available",
      "Start again at the first page; the address of a later page cannot be kept for long."),
    Entry(
      .invalidClientId, "client id not allowed",
      """
      Use a clientId that is not empty and has no `*` or line break, and the same one in ClientOptions and \
      in the token. Only a token may carry the wildcard, as `*` alone.
      """),
    Entry(
      .resourceDisposed, "resource being moved",
      "Repeat the same call after a second or two; nothing in it has to change."),
    Entry(
      .unsupportedProtocolVersion, "protocol version not supported",
      """
      Remove your own `v` parameter or X-Ably-Version header, so that this package's version is sent; if \
      you set neither, update the package.
      """),
    Entry(
      .batchRequestError, "part of a batch failed",
      "Read the result of each item, and repeat only those that failed: the others are done."),
    Entry(
      .operationCanceled, "operation canceled",
      """
      Nothing, if you closed the client or canceled the task. Otherwise start the operation again: nobody \
      repeats it for you.
      """),
    Entry(
      .reservedForTesting, "error made up by a test",
      "Find the test or the proxy that injects errors into this connection, and take it out."),
  ]
}
