public import AblyTokens

extension ClientOptions {
  /// Options with a key.
  public init(key: APIKey) {
    self.init()
    self.key = key
  }

  /// Options with a key in text.
  ///
  /// - Throws: 40400 for text that is not a key.
  public init(key: String) throws(ErrorInfo) {
    self.init(key: try APIKey(key))
  }

  /// Options with a token.
  public init(token: String) {
    self.init()
    self.token = token
  }

  /// Options with a token and what is known about it.
  public init(tokenDetails: TokenDetails) {
    self.init()
    self.tokenDetails = tokenDetails
  }

  /// Options with a callback that obtains tokens.
  public init(authCallback: @escaping AuthCallback) {
    self.init()
    self.authCallback = authCallback
  }

  /// Options with a web address that gives tokens.
  public init(authURL: String) {
    self.init()
    self.authURL = authURL
  }

  /// Options with a key or a token: a `:` means a key, for no token holds one (RSC1a).
  ///
  /// - Throws: 40400 for a key that is malformed.
  public init(keyOrToken text: String) throws(ErrorInfo) {
    if text.utf8.contains(UInt8(ascii: ":")) { try self.init(key: text) } else { self.init(token: text) }
  }
}
