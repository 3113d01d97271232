internal import AblyTokens

/// A token that is wanted: what for, and how to obtain it.
struct TokenWish: Sendable {
  var params: TokenParams
  var options: AuthOptions

  /// Without what counts once: a timestamp (RSA10g, TK2d), a nonce, which the service takes only once, and
  /// a token, which is in use already.
  var lasting: TokenWish {
    var wish = self
    wish.params.timestamp = nil
    wish.params.nonce = nil
    wish.options.tokenDetails = nil
    return wish
  }
}
