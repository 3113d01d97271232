internal import AblyTokens

/// Token strings of all forms, before a service that knows a key which signed none of the seeds.
enum Tokens {
  /// 14 November 2023, when the seeds were valid.
  private static let now: Int64 = 1_700_000_000_000
  private static let verifier: TokenVerifier? = {
    guard let key = try? ServiceKey(APIKey("fuzz.key:secret"), revocableTokens: true),
      let apps = try? AppDirectory([key])
    else { return nil }
    return TokenVerifier(apps: apps, revocations: RevocationIndex())
  }()

  static func readJWT(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let jwt = try? UnverifiedJWT(text), let key = try? APIKey("fuzz.key:secret") else { return }
    expect((try? AblyJWTSigner(key: key).verify(jwt)) == nil, "a JWT verifies that nobody signed")
    _ = try? AblyJWT.Claims(json: jwt.payload)
    _ = try? TokenEnvelope(jwt)
  }

  /// What a token of the service's own says: nobody else can write it, but another version can.
  private static func readSealed(_ bytes: [UInt8], _ verifier: TokenVerifier) {
    guard let contents = OpaqueToken(contents: bytes), let key = verifier.apps.find("fuzz.key"),
      let sealed = try? contents.sealed(with: key)
    else { return }
    _ = try? verifier.principal(bearing: Secret(sealed), at: contents.issued)
  }

  static func readToken(_ bytes: [UInt8]) {
    guard let verifier else { return expect(false, "there is no verifier") }
    readSealed(bytes, verifier)
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(ErrorInfo) {
      _ = try verifier.principal(bearing: Secret(text), at: now)
      expect(false, "a token is taken that nobody issued")
    } catch {
      expect((40000...50000).contains(error.code.rawValue), "a refusal has a strange code")
    }
    // As a credential, it comes in more forms.
    for header in ["Bearer \(text)", "Basic \(text)", text] {
      _ = try? Credentials(of: ServiceRequest("GET", "/x?\(text)", headers: ["authorization": header]))
      _ = try? Credentials(of: ServiceRequest("GET", "/x?\(text)"))
    }
  }
}
