internal import AblyTokens
internal import HTTPTypes

/// The JWT that a request carries.
enum BearerToken {
  /// The token after `Bearer`; `nil` where the request carries no credentials of this kind.
  ///
  /// - Throws: 40000 for more than one `Authorization`.
  static func of(_ request: EndpointRequest) throws(ErrorInfo) -> String? {
    guard let value = request.headerFields[.authorization] else { return nil }
    guard request.headerFields[values: .authorization].count == 1 else {
      throw ErrorInfo(.badRequest, "the request has more than one Authorization", statusCode: 400)
    }
    let scheme = "bearer "
    guard value.utf8.count > scheme.utf8.count, value.prefix(scheme.count).lowercased() == scheme else {
      return nil
    }
    return String(value.dropFirst(scheme.count).drop { $0 == " " })
  }

  /// Takes it apart.
  ///
  /// - Throws: 40100 with status 401 for what is no JWT, or demands extensions.
  static func parse(_ token: String) throws(ErrorInfo) -> UnverifiedJWT {
    guard token.utf8.count <= 16 * 1024 else { throw WebTokenChecks.refused("it is larger than 16 KiB") }
    let jwt: UnverifiedJWT
    do { jwt = try UnverifiedJWT(token) } catch { throw WebTokenChecks.refused("it is not a JWT") }
    guard jwt.header["crit"] == nil else {
      throw WebTokenChecks.refused("its header demands extensions (crit)")
    }
    return jwt
  }
}
