public import AblyTokens

/// What an ``AuthCallback`` or an ``AuthOptions/authURL`` gives: a token, or what can be exchanged for one.
public enum AuthAnswer: Sendable, Hashable {
  /// A token string: an opaque token or a JWT.
  case token(String)

  /// A token and what is known about it.
  case tokenDetails(TokenDetails)

  /// A signed request, which the client exchanges for a token. It works once: sign a new one for each call.
  case tokenRequest(TokenRequest)

  /// Token details or a token request as a JSON object: with a member `token` it is the former (TD7, TE6).
  case json(JSONValue)
}

extension AuthAnswer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Its form, without the token.
  public var description: String {
    switch self {
    case .token: "token(<redacted>)"
    case .tokenDetails(let details): "tokenDetails(\(details))"
    case .tokenRequest(let request): "tokenRequest(\(request))"
    case .json: "json(<redacted>)"
    }
  }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows what ``description`` shows.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
