internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite(.endsAtLast) struct InspectCommandTests {
  let request: String

  init() throws {
    let params = TokenParams(ttl: .seconds(60), capability: ["chat:*": [.publish]], clientId: "bob")
    request = try TokenRequestSigner(key: APIKey(Tool.key)).sign(params).jsonText
  }

  @Test("a genuine TokenRequest verifies and shows what was signed")
  func genuine() async throws {
    let outcome = try await Tool.run("inspect", request, "--key", Tool.key)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("OK: "))
    #expect(outcome.output.contains(#"capability  {"chat:*":["publish"]}\n"#))
  }

  @Test("mac does not match: the text that was signed stands beside the one that should have been")
  func respelt() async throws {
    let respelt = request.replacingOccurrences(of: "[", with: " [")
    let outcome = try await Tool.run("inspect", "-", "--key", Tool.key, input: respelt)
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.contains("the text that was signed:"))
    #expect(outcome.output.contains(#"{"chat:*":["publish"]}\n"#))
    #expect(outcome.output.contains("the text that should have been signed:"))
    #expect(outcome.output.contains(#"{"chat:*": ["publish"]}\n"#))
  }

  @Test("a TokenRequest of another key than the one given says so")
  func otherKey() async throws {
    let outcome = try await Tool.run("inspect", request, "--key", "demo00.key001:another")
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.contains("names another key"))
  }

  @Test(
    "40003: however well it is signed, a ttl that no service gives is refused, and the verdict says so",
    arguments: [("24h", 86_400_000, true), ("86400001", 86_400_001, false), ("48h", 172_800_000, false)])
  func lifetime(ttl: String, milliseconds: Int64, isTaken: Bool) async throws {
    let request = try await Tool.run("token-request", "--key", Tool.key, "--ttl", ttl).output
    let text = try await Tool.run("inspect", request, "--key", Tool.key)
    #expect(text.exitCode == (isTaken ? 0 : 1))
    #expect(text.output.contains("verdict     OK: the MAC is right: ") == isTaken, "\(text.output)")
    #expect(text.output.contains("NO: the MAC is right, but the ttl is too long") == !isTaken)
    #expect(text.output.contains("24 hours at most") == !isTaken)
    #expect(!text.output.contains("should have been signed"))
    let bare = try await Tool.run("inspect", request, "--json").json()
    #expect(bare["ttl"]?.number?.int64 == milliseconds)
    #expect(bare["ttlOutOfRange"] == (isTaken ? nil : true))
    #expect(bare["verifies"] == nil, "nothing is claimed without the key")
  }

  @Test("a ttl below zero is refused too")
  func negativeLifetime() async throws {
    let request =
      #"{"keyName":"demo00.key000","ttl":-1,"timestamp":1795483925937,"nonce":"f81d4fae7dec11d0","mac":"AAAA"}"#
    let report = try await Tool.run("inspect", request)
    #expect(
      report.output.contains("below zero  true  (the service refuses it with 40003"), "\(report.output)")
  }

  @Test("the name of a file is told from a token, and the file is read when it is piped in")
  func file() async throws {
    try await withDirectory { path in
      try Data((request + "\n").utf8).write(to: URL(filePath: path))
      let named = try await Tool.run("inspect", path, "--key", Tool.key)
      #expect(named.exitCode == 2)
      #expect(named.output.isEmpty)
      #expect(named.talk.contains("inspect - <FILE"))
      let piped = try await Tool.run(
        "inspect", "-", "--key", Tool.key, input: String(contentsOfFile: path, encoding: .utf8))
      #expect(piped.exitCode == 0)
    }
  }

  @Test("the same for a machine")
  func json() async throws {
    let respelt = request.replacingOccurrences(of: "[", with: " [")
    let report = try await Tool.run("inspect", respelt, "--key", Tool.key, "--json").json()
    #expect(report["kind"] == "TokenRequest")
    #expect(report["verifies"] == false)
    #expect(report["mistakes"]?.array?.count == 1)
    #expect(report["signedText"]?.string == (try TokenRequest(json: request).signedText))
    #expect(report["expectedText"]?.string == (try TokenRequest(json: respelt).signedText))
    #expect(report["clientId"] == "bob")
    #expect(report["ttl"] == 60000)
  }

  @Test("that a revocation is not looked for is said of tokens and JWTs, and of nothing else")
  func revocation() async throws {
    let sentence = "revoked"
    let jwt = try AblyJWTSigner(key: APIKey(Tool.key)).mint(AblyJWT.Claims(clientId: "bob")).token
    for text in [jwt, "appId.token", #"{"token":"appId.token","issued":1}"#] {
      let report = try await Tool.run("inspect", text)
      #expect(report.output.contains("not checked  (only the service knows, and nothing is sent to it)"))
      let json = try await Tool.run("inspect", text, "--json").json()
      #expect(json["revocation"] == "not checked")
    }
    #expect(try await !Tool.run("inspect", request).output.contains(sentence))
    #expect(try await !Tool.run("inspect", Tool.key).output.contains(sentence))
  }

  @Test("without the key nothing is claimed")
  func withoutKey() async throws {
    let outcome = try await Tool.run("inspect", request)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("not verified"))
    #expect(try await Tool.run("inspect", request, "--json").json()["verifies"] == nil)
  }

  @Test("a JWT, genuine and not")
  func jwt() async throws {
    let token = try AblyJWTSigner(key: APIKey(Tool.key)).mint(AblyJWT.Claims(clientId: "bob")).token
    #expect(try await Tool.run("inspect", token, "--key", Tool.key).exitCode == 0)
    let other = try await Tool.run("inspect", token, "--key", "demo00.key000:another", "--json")
    #expect(other.exitCode == 1)
    #expect(try other.json()["verifies"] == false)
    #expect(try other.json()["kind"] == "JWT")
  }

  @Test("a token of the local service opens with its key and with no other")
  func opaque() async throws {
    let (details, _) = try await LocalService.run { service in
      try await Tool.run(list: ["token", "--key", Tool.key, "--client-id", "bob"] + service.options).json()
    }
    let token = try #require(details["token"]?.string)
    let report = try await Tool.run("inspect", token, "--key", Tool.key, "--json").json()
    #expect(report["verifies"] == true)
    #expect(report["clientId"] == "bob")
    #expect(report["expires"] == details["expires"])
    #expect(try await Tool.run("inspect", token, "--key", "demo00.key000:another").exitCode == 1)
    #expect(
      try await Tool.run("inspect", details.text, "--key", Tool.key, "--json").json()["kind"]
        == "TokenDetails")
    for text in [token, details.text] {
      let other = try await Tool.run("inspect", text, "--key", "demo00.key001:another", "--json")
      #expect(other.exitCode == 1)
      #expect(try other.json()["verdict"]?.string?.contains("demo00.key000") == true)
    }
    #expect(try await Tool.run("can", "publish", "x", "--token", token, "--key", Tool.key).exitCode == 0)
  }

  private static func part(_ json: JSONValue) -> String { Base64.url.encode(json.utf8) }

  @Test("a JWT that carries a token shows it, and verifies as it does", arguments: [true, false])
  func embedded(inHeader: Bool) async throws {
    let inner = try AblyJWTSigner(key: APIKey(Tool.key))
      .mint(AblyJWT.Claims(capability: ["x": [.publish]], clientId: "bob"))
    // To the nearest millisecond first: a whole second that came through a Double must not lose one.
    let end = Int64((inner.claims.expires.timeIntervalSince1970 * 1000).rounded()) / 1000
    func outer(_ end: Int64?) -> String {
      var header: [String: JSONValue] = ["alg": "RS256"]
      var claims: [String: JSONValue] = ["iss": "somebody"]
      claims["exp"] = end.map { .number(JSONNumber($0)) }
      if inHeader {
        header["x-ably-token"] = .string(inner.token)
      } else {
        claims["x-ably-token"] = .string(inner.token)
      }
      return "\(Self.part(.object(header))).\(Self.part(.object(claims))).c2lnbmF0dXJl"
    }
    let text = try await Tool.run("inspect", outer(end - 1), "--key", Tool.key)
    #expect(text.exitCode == 0)
    for line in ["JWT that carries a token", "carries", "bob", "OK: the token in it: "] {
      #expect(text.output.contains(line), "\(line)")
    }
    #expect(!text.output.contains(inner.token))
    let json = try await Tool.run("inspect", outer(end - 1), "--key", Tool.key, "--json").json()
    #expect(json["verifies"] == true)
    #expect(json["embedded"]?["clientId"] == "bob")
    #expect(json["embedded"]?["kind"] == "JWT")
    #expect(json["carriedIn"] == (inHeader ? "the header" : "the claims"))
    let late = try await Tool.run("inspect", outer(end + 1), "--key", Tool.key)
    #expect(late.exitCode == 1)
    #expect(late.output.contains("it outlives the token that it carries"))
    #expect(try await Tool.run("inspect", outer(nil)).exitCode == 1)
    let other = try await Tool.run("inspect", outer(end - 1), "--key", "demo00.key000:another")
    #expect(other.exitCode == 1)
    #expect(try await Tool.run("can", "publish", "x", "--token", outer(end - 1)).exitCode == 0)
  }

  @Test(
    "a JWT that carries a token and ends at no time that there is has no end, and allows nothing",
    arguments: ["1e999", "-1e999", "1e300", "-1", "253402300800"])
  func endless(end: String) async throws {
    let inner = try AblyJWTSigner(key: APIKey(Tool.key))
      .mint(AblyJWT.Claims(capability: ["x": [.publish]])).token
    let claims = #"{"exp":\#(end),"x-ably-token":"\#(inner)"}"#
    let outer = "\(Self.part(["alg": "RS256"])).\(Base64.url.encode(Array(claims.utf8))).c2lnbmF0dXJl"
    let report = try await Tool.run("inspect", outer, "--json")
    #expect(report.exitCode == 1)
    #expect(try report.json()["expires"] == nil)
    #expect(try report.json()["verdict"] == "it carries a token and has itself no end (exp)")
    let decision = try await Tool.run("can", "publish", "x", "--token", outer)
    #expect(decision.exitCode == 1)
    #expect(!decision.output.contains("yes"))
  }

  @Test("an encrypted JWT is named as such, with the token in its header if there is one")
  func encrypted() async throws {
    let inner = try AblyJWTSigner(key: APIKey(Tool.key)).mint(AblyJWT.Claims(clientId: "bob")).token
    let rest = "..AAECAwQFBgcICQoL.c2VhbGVk.AAECAwQFBgcICQoLDA0ODw"
    let header: JSONValue = ["alg": "dir", "enc": "A256GCM", "x-ably-token": .string(inner)]
    let full = try await Tool.run("inspect", Self.part(header) + rest, "--key", Tool.key)
    #expect(full.exitCode == 0)
    for line in ["encrypted JWT that carries a token", "A256GCM", "only its maker can read them", "bob"] {
      #expect(full.output.contains(line), "\(line)")
    }
    let empty = try await Tool.run("inspect", Self.part(["alg": "dir", "enc": "A256GCM"]) + rest, "--json")
      .json()
    #expect(empty["kind"] == "encrypted JWT")
    #expect(empty["embedded"] == nil)
    let nonsense = Self.part(["alg": "dir", "x-ably-token": "a b"]) + rest
    #expect(try await Tool.run("inspect", nonsense).exitCode == 1)
  }

  @Test("of a token that Ably issued nothing is claimed, whatever key is at hand")
  func foreign() async throws {
    let outcome = try await Tool.run("inspect", "xVLyHw.AbcdEfgh", "--key", "xVLyHw.abc:def")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("can only be read by Ably"))
    #expect(
      try await Tool.run("inspect", "xVLyHw.AbcdEfgh", environment: ["ABLY_API_KEY": Tool.key]).exitCode == 0)
  }

  @Test("a token that the key does not vouch for allows nothing")
  func forgedCapability() async throws {
    let token = try AblyJWTSigner(key: APIKey(Tool.key))
      .mint(AblyJWT.Claims(capability: ["x": [.publish]])).token
    #expect(try await Tool.run("can", "publish", "x", "--token", token, "--key", Tool.key).exitCode == 0)
    let forged = try await Tool.run(
      "can", "publish", "x", "--token", token, "--key", "demo00.key000:another")
    #expect(forged.exitCode == 1)
    #expect(!forged.output.contains("yes"))
    #expect(forged.talk.contains("remedy"))
  }

  @Test("a key is told to be one, without its secret")
  func key() async throws {
    let outcome = try await Tool.run("inspect", Tool.key)
    #expect(outcome.output.contains("API key"))
    #expect(!outcome.output.contains("only-for-this-machine"))
    #expect(!outcome.output.contains("--key"))
  }

  @Test("pasted text cannot drive the terminal")
  func controlCharacters() async throws {
    let evil = request.replacingOccurrences(of: "bob", with: "\\u001b[2Jbob\\u202e")
    let outcome = try await Tool.run("inspect", evil, "--key", Tool.key)
    #expect(!outcome.output.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
  }
}
