/// Mints and verifies Ably JWTs with one API key, and with HS256 alone.
///
/// Prepare one per key and keep it. It is safe to share between tasks.
public struct AblyJWTSigner: Sendable {
  /// The name of the key, which is the `kid` of its tokens.
  public let keyName: String

  let hmac: HMACSHA256
  private let encodedHeader: [UInt8]

  /// Prepares the key's state.
  public init(key: APIKey) {
    keyName = key.keyName
    hmac = HMACSHA256(key: key.secret.text.utf8)
    var header = Array(#"{"typ":"JWT","alg":"HS256","kid":"#.utf8)
    JSONText.appendString(key.keyName, to: &header)
    header.append(UInt8(ascii: "}"))
    encodedHeader = Array(Base64.url.encode(header).utf8) + [UInt8(ascii: ".")]
  }

  /// Signs a token.
  ///
  /// - Parameters:
  ///   - claims: what it says.
  ///   - keyIsRevocable: whether the key has revocable tokens enabled, which limits their life to one hour.
  /// - Throws: 40003 when the life is not positive or longer than 24 hours (one hour when revocable), or a
  ///   publish rate is negative; 40000 for a capability that the service would refuse, where an operation that
  ///   ``Capability/Operation`` does not name is taken for one to come; 40012 for a client id with a line feed
  ///   or with a `*` beside other characters.
  public func mint(_ claims: AblyJWT.Claims, keyIsRevocable: Bool = false) throws(ErrorInfo) -> AblyJWT {
    try check(claims, keyIsRevocable: keyIsRevocable)
    let payload = try claims.json().utf8
    let token = String(
      unsafeUninitializedCapacity: encodedHeader.count + Base64.url.encodedCount(payload.count) + 1 + 43
    ) { token in
      _ = token.update(fromContentsOf: encodedHeader)
      var count = encodedHeader.count
      count += payload.withUnsafeBytes { Base64.url.encode($0, into: .init(rebasing: token[count...])) }
      let signed = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(token)[..<count])
      token[count] = UInt8(ascii: ".")
      count += 1
      return withUnsafeBytes(of: hmac.mac(of: signed)) { mac in
        count + Base64.url.encode(mac, into: .init(rebasing: token[count...]))
      }
    }
    return AblyJWT(token: token, claims: claims, warnings: Self.warnings(tokenBytes: token.utf8.count))
  }

  private static func warnings(tokenBytes: Int) -> [AblyJWT.Warning] {
    let headerBytes = "Authorization: Bearer ".utf8.count + tokenBytes
    return headerBytes > AblyJWT.headerLimit ? [.headerTooLarge(bytes: headerBytes)] : []
  }

  private func check(_ claims: AblyJWT.Claims, keyIsRevocable: Bool) throws(ErrorInfo) {
    let limit = keyIsRevocable ? AblyJWT.maximumRevocableLifetime : AblyJWT.maximumLifetime
    let times = try claims.wireTimes()
    let (seconds, overflow) = times.expires.subtractingReportingOverflow(times.issued)
    let lifetime = Duration.seconds(overflow ? .max : seconds)
    // By the milliseconds too: whole seconds would let half a second pass or not by where in a second it begins.
    guard lifetime > .zero, try claims.livesForASecond() else {
      throw ErrorInfo(
        .invalidParameterValue, "the JWT would expire before it begins: its life is under a second")
    }
    guard lifetime <= limit else {
      throw ErrorInfo(
        .invalidParameterValue, "the JWT would live \(lifetime), longer than the allowed \(limit)",
        remedy: keyIsRevocable
          ? "Keys with revocable tokens give at most one hour; let the client renew."
          : "Ask for at most 24 hours; let the client renew.")
    }
    guard claims.publishRates.values.allSatisfy({ $0 >= 0 }) else {
      throw ErrorInfo(.invalidParameterValue, "a publish rate is negative")
    }
    if let wish = claims.wish, !wish.isChecked { _ = try Capability(signable: wish.text) }
    if let clientId = claims.clientId { try ClientID.check(clientId) }
  }
}
