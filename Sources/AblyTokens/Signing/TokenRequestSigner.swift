#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Signs token requests with one key, and checks those that the key signed.
///
/// Prepare one per key and keep it: the keyed state and the block of entropy are what make a signature cheap.
/// It is safe to share between tasks.
public struct TokenRequestSigner: Sendable {
  /// The name of the key it signs with.
  public let keyName: String

  let hmac: HMACSHA256
  private let nonces = NonceSource()

  /// Prepares the key's state.
  public init(key: APIKey) {
    keyName = key.keyName
    hmac = HMACSHA256(key: key.secret.text.utf8)
  }

  /// Signs a request (RSA9a, RSA9g). What `params` does not give is absent in it (RSA5, RSA6), but for the
  /// nonce, which is made (RSA9c), and the timestamp, which is `now` (RSA9d).
  ///
  /// A request can be exchanged once and within two minutes: make a new one for every client, never cache it.
  ///
  /// - Parameters:
  ///   - params: what to ask for.
  ///   - now: the time to stamp it with where `params` has none.
  /// - Throws: 40003 for a negative ttl, a time that milliseconds cannot hold, a capability text or a nonce
  ///   that holds a line feed; 40012 for a client id with a line feed, or with a `*` beside other characters;
  ///   40000 for a capability text that is not a capability. Line feeds separate what is signed: with one
  ///   inside a value, the holder could post other values under the same MAC.
  public func sign(
    _ params: TokenParams = TokenParams(), at now: Date = Date()
  ) throws(ErrorInfo) -> TokenRequest {
    try check(params)
    var request = TokenRequest(
      keyName: keyName, wireTTL: try ttl(of: params), capabilityText: params.capabilityText.nonEmpty,
      clientId: params.clientId.nonEmpty,
      wireTimestamp: WireNumber(milliseconds: try Milliseconds.of(params.timestamp ?? now, "timestamp")),
      wireNonce: params.nonce.map { NonceValue($0, in: .url) } ?? nonces.next(), wireMAC: MACValue(.zero))
    request.wireMAC = mac(of: request)
    return request
  }

  /// Whether this key signed exactly what `request` says (RSA9g), over its literal text and in constant time.
  public func verify(_ request: TokenRequest) -> Bool {
    guard request.keyName == keyName, let given = request.wireMAC.bytes, let expected = mac(of: request).bytes
    else { return false }
    return ConstantTime.equal(given, expected)
  }

  private func mac(of request: TokenRequest) -> MACValue {
    WireWriter.withMemory(request.signedBound) { writer in
      request.writeSignedText(to: &writer)
      return hmac.withMAC(of: writer.written) { MACValue(copying: $0) }
    }
  }

  private func ttl(of params: TokenParams) throws(ErrorInfo) -> WireNumber? {
    guard let lifetime = params.lifetime else { return nil }
    guard let milliseconds = lifetime.milliseconds else {
      throw ErrorInfo(.invalidParameterValue, "ttl is longer than milliseconds can hold")
    }
    guard milliseconds >= 0 else { throw ErrorInfo(.invalidParameterValue, "ttl is negative") }
    return WireNumber(milliseconds: milliseconds)
  }

  private func check(_ params: TokenParams) throws(ErrorInfo) {
    if let clientId = params.clientId { try ClientID.check(clientId) }
    if let nonce = params.nonce, nonce.isEmpty || nonce.holds(0x0A) {
      throw ErrorInfo(.invalidParameterValue, "the nonce is empty or holds a line feed")
    }
    guard let capability = params.wish, !capability.isChecked, !capability.text.isEmpty else { return }
    guard !capability.text.holds(0x0A) else {
      throw ErrorInfo(
        .invalidParameterValue, "the capability text holds a line feed",
        remedy: "Write it on one line, or set TokenParams.capability, which does.")
    }
    _ = try Capability(parsing: capability.text)
  }
}

extension String? {
  /// `nil` for an empty text too: on the wire both are an empty line.
  var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}
