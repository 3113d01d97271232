internal import AblyTokens

/// What a request proves itself with, before anything of it is believed.
enum Credentials: Sendable {
  /// An API key in clear text.
  case key(Secret)
  /// A token string, opaque or a JWT.
  case token(Secret)

  /// Looks into the `Authorization` header and, where there is none, into the query.
  ///
  /// - Throws: 40106 when there is nothing, 40005 for Basic credentials that cannot be read, 40145 for a
  ///   Bearer token that cannot.
  init(of request: ServiceRequest) throws(ErrorInfo) {
    if let header = request.headers["authorization"] {
      try self.init(header: header)
    } else {
      try self.init(query: request.query())
    }
  }

  private init(header: String) throws(ErrorInfo) {
    let scheme = header.prefix { $0 != " " }
    let value = header.dropFirst(scheme.count).trimmingSpaces
    switch scheme.lowercased() {
    case "basic" where !value.isEmpty:
      guard let key = Self.base64Text(value) else {
        throw ErrorInfo(
          .malformedCredential, "the Basic credentials are not base64 of a text", statusCode: 401)
      }
      self = .key(Secret(key))
    case "bearer" where !value.isEmpty: self = .token(try Self.bearer(value))
    default:
      throw ErrorInfo(
        .noAuthenticationMethod, "the Authorization header holds neither Basic nor Bearer credentials",
        statusCode: 401)
    }
  }

  private init(query: [String: String]) throws(ErrorInfo) {
    if let key = query["key"], !key.isEmpty {
      self = .key(Secret(key))
    } else if let token = query["accessToken"] ?? query["access_token"], !token.isEmpty {
      self = .token(Secret(token))
    } else {
      throw ErrorInfo(
        .noAuthenticationMethod, "the request carries no credentials", statusCode: 401,
        remedy: "Send an Authorization header with Basic or Bearer credentials.")
    }
  }

  // Every token holds a dot and no base64 text does, so that the two forms cannot be taken for each other.
  private static func bearer(_ value: Substring) throws(ErrorInfo) -> Secret {
    if value.utf8.contains(UInt8(ascii: ".")) { return Secret(String(value)) }
    guard let token = base64Text(value) else {
      throw ErrorInfo(
        .invalidAblyToken, "the Bearer token is neither a token nor base64 of one", statusCode: 401)
    }
    return Secret(token)
  }

  private static func base64Text(_ text: Substring) -> String? {
    Base64.standard.decode(text.utf8).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
