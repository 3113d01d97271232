internal import AblyTokens

/// A token that somebody else made to carry one of ours: a JWT with `x-ably-token` in its header or its
/// claims, or an encrypted JWT with `x-ably-token` in its header.
///
/// Its signature, its key and whatever else it claims are its maker's affair: nothing of it is believed, so
/// nothing of it can widen the token in it. That one is checked in full.
struct TokenEnvelope: Sendable {
  /// The token in it.
  let contents: Secret

  /// When it ends, in milliseconds since 1970; `nil` where that cannot be read because it is encrypted.
  let expires: Int64?

  /// How many envelopes may lie in each other.
  static let maximumDepth = 4

  private static let name = "x-ably-token"

  /// The envelope that a JWT is; `nil` for one that carries no token. The header counts before the claims.
  ///
  /// - Throws: 40144 for an `x-ably-token` that is no text, and for an envelope without an end (`exp`): it
  ///   would outlive what is in it.
  init?(_ jwt: UnverifiedJWT) throws(ErrorInfo) {
    guard let value = jwt.header[Self.name] ?? jwt.payload[Self.name] else { return nil }
    contents = try Self.text(value)
    guard let end = Milliseconds.ofSeconds(jwt.payload["exp"]) else {
      throw Self.invalid("it carries a token and has itself no end (exp)")
    }
    expires = end
  }

  /// The envelope that an encrypted JWT is: five parts, of which only the header can be read.
  ///
  /// - Throws: 40144 for parts that are not base64url, and a header that is not a JSON object or carries no
  ///   token.
  init(encrypted text: String) throws(ErrorInfo) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard text.utf8.count <= UnverifiedJWT.maximumBytes, parts.count == 5,
      let header = Base64.url.decode(parts[0]), let json = try? JSONValue(parsing: header),
      json.object != nil, parts.dropFirst().allSatisfy({ Base64.url.decode($0) != nil })
    else {
      throw Self.invalid("it has not the form of an encrypted one")
    }
    guard let value = json[Self.name] else {
      throw Self.invalid("it is encrypted, and its header carries no \(Self.name)")
    }
    contents = try Self.text(value)
    expires = nil
  }

  /// When its bearer's rights end.
  ///
  /// - Parameters:
  ///   - inner: when the token in it ends, in milliseconds since 1970.
  ///   - now: milliseconds since 1970.
  /// - Throws: 40144 when it outlives the token in it: its bearer would renew too late; 40142 once it has
  ///   expired.
  func expiry(around inner: Int64, at now: Int64) throws(ErrorInfo) -> Int64 {
    guard let expires else { return inner }
    guard expires <= inner else { throw Self.invalid("it outlives the token that it carries") }
    guard now < expires else {
      throw ErrorInfo(.tokenExpired, "the JWT expired at \(expires) ms", statusCode: 401)
    }
    return expires
  }

  private static func text(_ value: JSONValue) throws(ErrorInfo) -> Secret {
    guard let text = value.string, !text.isEmpty else { throw invalid("its \(name) is not a text") }
    return Secret(text)
  }

  static func invalid(_ why: String) -> ErrorInfo {
    ErrorInfo(.invalidJWT, "the JWT is not valid: \(why)", statusCode: 401)
  }
}
