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
  ///   - now: the time to stamp it with where `params` has none; `nil` for what the system's clock shows.
  /// - Throws: 40003 for a negative ttl, a time that milliseconds cannot hold, a capability text or a nonce
  ///   that holds a line feed; 40012 for a client id with a line feed, or with a `*` beside other characters;
  ///   40000 for a capability text that is not a capability. Line feeds separate what is signed: with one
  ///   inside a value, the holder could post other values under the same MAC.
  public func sign(
    _ params: TokenParams = TokenParams(), at now: Date? = nil
  ) throws(ErrorInfo) -> TokenRequest {
    try params.check()
    let nonce = params.nonce.map(NonceText.init)
    let signed = SignedValues(
      keyName: keyName, capability: params.wish?.count == 0 ? nil : params.wish,
      clientId: params.clientId.nonEmpty,
      ttl: try params.wireTTL(),
      timestamp: try (params.timestamp ?? now).map { date throws(ErrorInfo) in
        try Milliseconds.of(date, "timestamp")
      } ?? Milliseconds.now,
      nonce: nonce.map { $0 ?? .none } ?? nonces.next(),
      spelling: nonce == .some(nil) ? WireSpelling.foreign(.init(nonce: params.nonce)) : .own)
    return TokenRequest(signed, mac: mac(of: signed))
  }

  /// Whether this key signed exactly what `request` says (RSA9g), over its literal text and in constant time.
  public func verify(_ request: TokenRequest) -> Bool {
    request.keyName == keyName && request.signed.spelling.foreign?.mac == nil
      && mac(of: request.signed) == request.macBytes
  }

  private func mac(of signed: SignedValues) -> MACBytes {
    if signed.bound > WireWriter.stackCapacity { return hmac.mac(of: signed.utf8) }
    return WireWriter.onStack { writer in
      signed.write(to: &writer)
      return hmac.mac(of: writer.written)
    }
  }
}

extension String? {
  /// `nil` for an empty text too: on the wire both are an empty line.
  var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}
