public import AblyTokens

/// How to obtain a token (AO1).
///
/// Given to a call, it replaces the options of the client as a whole, even when it is empty (RSA8e, RSA9h):
/// nothing of the two is merged.
public struct AuthOptions: Sendable, Hashable {
  /// The key that signs (AO2a).
  public var key: APIKey?

  /// Whether to stamp requests with the service's time instead of this machine's (AO2g). It is asked for
  /// once.
  public var queryTime: Bool

  /// Puts options together.
  public init(key: APIKey? = nil, queryTime: Bool = false) {
    self.key = key
    self.queryTime = queryTime
  }

  /// Options with a key in text.
  ///
  /// - Throws: 40101 for text that is not a key.
  public init(key: String, queryTime: Bool = false) throws(ErrorInfo) {
    do throws(ErrorInfo) {
      self.init(key: try APIKey(key), queryTime: queryTime)
    } catch {
      throw ErrorInfo(
        .invalidCredentials, "the key to sign with is malformed", remedy: error.remedy, cause: error)
    }
  }
}
