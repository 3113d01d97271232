/// In which form a token is given.
public enum TokenForm: Sendable {
  /// A signed `TokenRequest`, which the client exchanges at Ably. Nothing but the key's secret is needed for it.
  case request

  /// An Ably JWT. It alone can carry revocation keys, claims for channels and publish rates.
  case jwt

  /// A token that is obtained from Ably here, by what you give along.
  case details(any TokenObtaining)

  /// The word for it in a policy file.
  public var name: String {
    switch self {
    case .request: "request"
    case .jwt: "jwt"
    case .details: "details"
    }
  }
}
