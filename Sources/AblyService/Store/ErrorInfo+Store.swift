public import AblyTokens

extension ErrorInfo {
  /// What ``ServiceStore/save(_:replacing:)`` throws for the name of a key that there is.
  public static func keyExists(_ keyName: String) -> ErrorInfo {
    ErrorInfo(.badRequest, "there is a key \(PeerText.line(keyName, maximumCount: 255)) already")
  }

  /// What a store throws that can neither read nor write now: 50004 with status 503.
  ///
  /// - Parameters:
  ///   - why: what happened, without secrets.
  ///   - remedy: the first thing to do; the code's own advice when `nil`.
  public static func storeUnavailable(_ why: String, remedy: String? = nil) -> ErrorInfo {
    ErrorInfo(
      .serverBusy, "the service's store cannot be used now: \(why)", statusCode: 503,
      remedy: remedy ?? "Repeat the request after a second; nothing of it was carried out.")
  }
}
