package import AblyTokens

/// A connection that uses the tokens of an ``Auth`` (RTC8). The realtime client gives it; REST alone has none.
package protocol LiveConnection: AnyObject, Sendable {
  /// Whether a failure to obtain a token is followed by another attempt without anybody's doing.
  func retries(after error: ErrorInfo) -> Bool

  /// `authorize` was called (RTC8b).
  ///
  /// - Returns: the number of this call.
  func authorizationBegan() -> Int

  /// The call of this number has these credentials. Returns when the connection uses them, or later ones.
  ///
  /// - Throws: why it does not (RTC8a2, RTC8b1).
  func adopt(_ credentials: Credentials, of call: Int) async throws(ErrorInfo)

  /// The call of this number found none (RSA4c, RSA4d).
  func authorizationFailed(_ error: ErrorInfo, of call: Int)

  /// A token was obtained: for a request, for `authorize`, or for the connection itself.
  func renewed(_ credentials: Credentials)
}
