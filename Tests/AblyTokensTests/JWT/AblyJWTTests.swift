import AblyTokens
import Foundation
import Testing

@Suite struct AblyJWTTests {
  struct Vector: CustomTestStringConvertible, Sendable {
    let json: JSONValue

    var testDescription: String { json["case"]?.string ?? "" }
    var token: String { json["token"]?.string ?? "" }
    var claims: JSONValue { json["claims"] ?? .null }
  }

  static let file = try? VectorFile.json("jwts")
  static let valid = (file?["valid"]?.array ?? []).map(Vector.init)
  static let invalid = (file?["invalid"]?.array ?? []).map(Vector.init)
  static let now = Date(timeIntervalSince1970: Double(file?["now"]?.number?.int64 ?? 0))

  let signer: AblyJWTSigner

  init() throws {
    signer = AblyJWTSigner(key: try APIKey(#require(Self.file?["key"]?.string)))
  }

  @Test func thereAreVectors() {
    #expect(Self.valid.count == 8)
    #expect(Self.invalid.count == 31)
  }

  @Test("a token made elsewhere verifies and gives its claims", arguments: valid)
  func verifies(_ vector: Vector) throws {
    let claims = try signer.verify(vector.token, at: Self.now)
    #expect(claims.clientId == vector.claims["x-ably-clientId"]?.string)
    #expect(claims.capabilityText == vector.claims["x-ably-capability"]?.string)
    #expect(claims.revocationKey == vector.claims["x-ably-revocation-key"]?.string)
    #expect(claims.expires.timeIntervalSince1970 == vector.claims["exp"]?.number?.double)
    #expect(claims.channelClaims["chat:lobby"] == vector.claims["ably.channel.chat:lobby"]?.string)
    let rate = vector.claims["ably.limits.publish.perAttachment.maxRate.chat:*"]?.number?.int64
    #expect(claims.publishRates["chat:*"].map(Int64.init) == rate)
  }

  @Test("anything else is refused with 40144", arguments: invalid)
  func refuses(_ vector: Vector) {
    let error = #expect(throws: ErrorInfo.self) { try signer.verify(vector.token, at: Self.now) }
    #expect(error?.code == .invalidJWT)
    #expect(error?.statusCode == 401)
  }

  @Test("every byte of a token counts")
  func everyByte() throws {
    let token = Array(try #require(Self.valid.first).token.utf8)
    for index in token.indices {
      for replacement in [UInt8(ascii: "A"), UInt8(ascii: "B"), UInt8(ascii: ".")]
      where token[index] != replacement {
        var changed = token
        changed[index] = replacement
        #expect(throws: ErrorInfo.self, "byte \(index)") {
          try signer.verify(String(decoding: changed, as: UTF8.self), at: Self.now)
        }
      }
    }
  }

  @Test(
    "a token lives until exp and not a millisecond longer", arguments: [(-1, true), (0, false), (1, false)])
  func expiry(_ offset: Int, _ lives: Bool) throws {
    let token = try #require(Self.valid.first).token
    let at = Self.now.addingTimeInterval(3600 + Double(offset) / 1000)
    if lives {
      #expect(throws: Never.self) { try signer.verify(token, at: at) }
    } else {
      let error = #expect(throws: ErrorInfo.self) { try signer.verify(token, at: at) }
      #expect(error?.code == .tokenExpired)
      #expect(error?.isTokenError == true)
    }
  }

  @Test("under a revocable key a token may live one hour", arguments: [(3600, true), (3601, false)])
  func revocable(_ seconds: Int, _ allowed: Bool) throws {
    let claims = AblyJWT.Claims(ttl: .seconds(seconds), issuedAt: Self.now)
    let token = try signer.mint(claims).token
    if allowed {
      #expect(throws: Never.self) { try signer.mint(claims, keyIsRevocable: true) }
      #expect(throws: Never.self) { try signer.verify(token, at: Self.now, keyIsRevocable: true) }
    } else {
      #expect(throws: ErrorInfo.self) { try signer.mint(claims, keyIsRevocable: true) }
      #expect(throws: ErrorInfo.self) { try signer.verify(token, at: Self.now, keyIsRevocable: true) }
    }
  }

  @Test("what is minted verifies, claim by claim")
  func roundTrip() throws {
    let claims = AblyJWT.Claims(
      ttl: .seconds(60), capability: ["chat:*": [.publish, .subscribe]], clientId: "Zoë \"q\" \\ \u{1}",
      revocationKey: "team", channelClaims: ["chat:lobby": "moderator"], publishRates: ["*": 5],
      issuedAt: Self.now)
    let minted = try signer.mint(claims)
    #expect(try signer.verify(minted.token, at: Self.now) == claims)
    #expect(minted.warnings.isEmpty)
    let parts = try UnverifiedJWT(minted.token)
    #expect(parts.header == ["alg": "HS256", "typ": "JWT", "kid": .string(signer.keyName)])
    #expect(parts.payload["iat"]?.number?.literal == "1731234567")
  }

  @Test("iat and exp are whole seconds, and a fraction shortens nothing by more than one")
  func wholeSeconds() throws {
    let at = Date(timeIntervalSince1970: 1_731_234_567.9)
    let payload = try UnverifiedJWT(signer.mint(AblyJWT.Claims(ttl: .seconds(60), issuedAt: at)).token)
      .payload
    #expect(payload["iat"]?.number?.literal == "1731234567")
    #expect(payload["exp"]?.number?.literal == "1731234627")
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let code: ErrorInfo.Code
    let claims: AblyJWT.Claims
  }

  static let refusals: [Refusal] =
    [
      Refusal(testDescription: "no life", code: 40003, claims: .init(ttl: .zero, issuedAt: now)),
      Refusal(testDescription: "negative life", code: 40003, claims: .init(ttl: .seconds(-5), issuedAt: now)),
      Refusal(
        testDescription: "over 24 hours", code: 40003, claims: .init(ttl: .seconds(86401), issuedAt: now)),
      Refusal(
        testDescription: "under a second, across two", code: 40003,
        claims: .init(ttl: .milliseconds(500), issuedAt: now.addingTimeInterval(0.75))),
      Refusal(
        testDescription: "endless", code: 40003, claims: .init(ttl: .seconds(Int64.max), issuedAt: now)),
      Refusal(
        testDescription: "from the dawn of time", code: 40003,
        claims: .init(issuedAt: Date(timeIntervalSince1970: -.infinity))),
      Refusal(
        testDescription: "clientId with a star", code: 40012, claims: .init(clientId: "a*", issuedAt: now)),
      Refusal(
        testDescription: "clientId with a line feed", code: 40012,
        claims: .init(clientId: "a\n", issuedAt: now)
      ),
      Refusal(
        testDescription: "negative rate", code: 40003, claims: .init(publishRates: ["*": -1], issuedAt: now)),
    ]
    + [
      "chat", #""chat""#, "[]", #"{"a":"publish"}"#, #"{"a":[]}"#, #"{"a":["*","publish"]}"#,
      #"{"a":["*","soon"]}"#, #"{"a":[""]}"#, #"{"a":[1]}"#, #"{"[nope]d":["publish"]}"#,
      #"{"[meta":["publish"]}"#, #"{"":["publish"]}"#, #"{"a":["publish"],"a":["publish"]}"#,
    ].map { capability in
      var claims = AblyJWT.Claims(issuedAt: now)
      claims.capabilityText = capability
      return Refusal(testDescription: "capability \(capability)", code: 40000, claims: claims)
    }

  @Test("an operation that has no name here may be minted, since Ably may add some")
  func futureOperation() throws {
    var claims = AblyJWT.Claims(issuedAt: Self.now)
    claims.capabilityText = #"{"a":["publish","translate"]}"#
    #expect(
      try UnverifiedJWT(signer.mint(claims).token).payload["x-ably-capability"]?.string
        == claims.capabilityText)
  }

  @Test("what the service would refuse is not minted", arguments: refusals)
  func refusesToMint(_ refusal: Refusal) {
    let error = #expect(throws: ErrorInfo.self) { try signer.mint(refusal.claims) }
    #expect(error?.code == refusal.code)
  }

  @Test("a capability given as a value is minted exactly where its text is, and says the same")
  func valuesAndTexts() throws {
    var minted = 0
    for seed in 0..<400 as Range<UInt64> {
      var generator = CapabilityGenerator(seed: seed)
      let value = AblyJWT.Claims(capability: generator.capability(), issuedAt: Self.now)
      var text = value
      text.capabilityText = value.capabilityText
      let token = try? signer.mint(value).token
      #expect(token == (try? signer.mint(text).token), "seed \(seed)")
      #expect(text == value && text.hashValue == value.hashValue)
      minted += token == nil ? 0 : 1
    }
    #expect((50..<350).contains(minted))
    let twins: Capability = ["caf\u{E9}": [.publish], "cafe\u{301}": [.publish]]
    #expect(throws: ErrorInfo.self) { try signer.mint(.init(capability: twins, issuedAt: Self.now)) }
  }

  @Test("a token too large for a header carries a warning")
  func largeToken() throws {
    let few = AblyJWT.Claims(channelClaims: ["a": String(repeating: "x", count: 5000)], issuedAt: Self.now)
    #expect(try signer.mint(few).warnings.isEmpty)
    let many = AblyJWT.Claims(channelClaims: ["a": String(repeating: "x", count: 7000)], issuedAt: Self.now)
    let minted = try signer.mint(many)
    #expect(minted.warnings == [.headerTooLarge(bytes: 22 + minted.token.utf8.count)])
    #expect(throws: Never.self) { try signer.verify(minted.token, at: Self.now) }
  }

  @Test("a text over 128 KiB is not looked at")
  func hugeToken() {
    let huge = String(repeating: "a.", count: 100_000)
    #expect(throws: ErrorInfo.self) { try signer.verify(huge, at: Self.now) }
    #expect(!UnverifiedJWT.looksLikeJWT(huge))
  }
}
