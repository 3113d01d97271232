package import AblyTokens

/// A connection that uses the tokens of an ``Auth`` (RTC8). The realtime client gives it; REST alone has none.
package protocol LiveConnection: AnyObject, Sendable {
  /// Whether a failure to obtain a token is followed by another attempt without anybody's doing.
  func retries(after error: ErrorInfo) -> Bool

  /// `authorize` was called (RTC8b).
  func authorizationBegan()

  /// `authorize` has these credentials. Returns when the connection uses them.
  ///
  /// - Throws: why it does not (RTC8a2, RTC8b1).
  func adopt(_ credentials: Credentials) async throws(ErrorInfo)

  /// `authorize` found none (RSA4c, RSA4d).
  func authorizationFailed(_ error: ErrorInfo)

  /// A token was renewed because a request needed it.
  func renewed(_ credentials: Credentials)
}
