internal import AblyTokens

/// Decides what a key may issue. It keeps nothing: whether a request was seen before is ``ReplayGuard``'s.
struct TokenAuthority: Sendable {
  let key: IssuingKey

  /// Milliseconds since 1970.
  let now: Int64

  /// What was revoked until now.
  var revocations = RevocationIndex()

  /// How long a token lives that asked for no time, in milliseconds (RSA5).
  static let usualLifetime: Int64 = 3_600_000

  /// How far a request's timestamp may be from the service's time, in milliseconds, this difference included.
  static let timestampTolerance: Int64 = 120_000

  /// The longest token string: twice as base64 and with the other headers it still fits a request.
  static let maximumTokenBytes = 32 * 1024

  /// Checks a signed request.
  ///
  /// - Throws: 40000 for a member that is missing or has the wrong type; 40101 when it names another key, or
  ///   its MAC does not match the literal values.
  func check(signed json: JSONValue) throws(ErrorInfo) {
    guard key.requestSigner.verify(try TokenRequest(json: json)) else {
      throw ErrorInfo(
        .invalidCredentials, "the MAC does not match: it was made with another secret or over other values",
        statusCode: 401)
    }
  }

  /// Checks the time of a request.
  ///
  /// - Throws: 40104 for a timestamp more than two minutes off.
  func check(timestamp: Int64) throws(ErrorInfo) {
    let (difference, overflow) = timestamp.subtractingReportingOverflow(now)
    guard !overflow, difference.magnitude <= Self.timestampTolerance else {
      throw ErrorInfo(
        .timestampOutsideWindow,
        "the timestamp is more than two minutes from the time here, which is \(now) ms",
        statusCode: 401)
    }
  }

  /// The token that `wish` gets.
  ///
  /// - Throws: 40003 for a ttl that is negative or longer than the key allows; 40000 for a capability that
  ///   cannot be read, or so large that no header could carry the token; 40160 when nothing asked for is the
  ///   key's to give.
  func issue(_ wish: TokenWish, id: String) throws(ErrorInfo) -> TokenDetails {
    var token = OpaqueToken(
      issued: now, expires: try expiry(of: wish), capabilityText: try capabilityText(of: wish),
      clientId: wish.clientId, id: id)
    if key.serviceKey.revocableTokens, let bearer = try? RevocationIndex.Bearer(token, key) {
      token.horizon = revocations.horizon(for: bearer)
    }
    let sealed = try token.sealed(with: key)
    guard sealed.utf8.count <= Self.maximumTokenBytes else {
      throw ErrorInfo(
        .badRequest, "the token would take \(sealed.utf8.count) bytes, more than \(Self.maximumTokenBytes)",
        remedy: "Ask for fewer resources; use patterns such as 'chat:*'.")
    }
    return TokenDetails(
      token: sealed, keyName: key.keyName, issued: Milliseconds.date(token.issued),
      expires: Milliseconds.date(token.expires), capabilityText: token.capabilityText,
      clientId: token.clientId)
  }

  private func expiry(of wish: TokenWish) throws(ErrorInfo) -> Int64 {
    let ttl = wish.ttl ?? Self.usualLifetime
    guard (0...key.maximumLifetime).contains(ttl) else {
      throw ErrorInfo(
        .invalidParameterValue,
        "the ttl is negative or longer than the \(key.maximumLifetime) ms that this key allows")
    }
    return now + ttl
  }

  private func capabilityText(of wish: TokenWish) throws(ErrorInfo) -> String {
    guard let text = wish.capabilityText else { return key.serviceKey.capabilityText }
    let granted = try key.grants.grant(text)
    guard !granted.capability.isEmpty else {
      throw ErrorInfo(
        .capabilityDenied, "nothing in the capability asked for is the key's to give", statusCode: 401)
    }
    return granted.text
  }
}
