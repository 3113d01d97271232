internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite(.endsAtLast) struct SigningCommandTests {
  @Test(
    "token-request prints exactly what was signed",
    arguments: [
      ([], #"{"keyName":"demo00.key000","timestamp":1700000000123,"nonce":"0123456789abcdef","mac":""#),
      (
        ["--client-id", "bob", "--ttl", "1h", "--capability", #"{"b": ["publish"]}"#],
        #"{"keyName":"demo00.key000","ttl":3600000,"capability":"{\"b\": [\"publish\"]}","clientId":"bob","#
          + #""timestamp":1700000000123,"nonce":"0123456789abcdef","mac":""#
      ),
      (["--ttl", "500ms"], #"{"keyName":"demo00.key000","ttl":500,"#),
      (["--ttl", "90s"], #"{"keyName":"demo00.key000","ttl":90000,"#),
      (["--ttl", "1500"], #"{"keyName":"demo00.key000","ttl":1500,"#),
      (["--ttl", "0"], #"{"keyName":"demo00.key000","ttl":0,"#),
      (["--client-id", ""], #"{"keyName":"demo00.key000","timestamp":1700000000123,"#),
    ])
  func tokenRequest(_ arguments: [String], _ start: String) async throws {
    let fixed = ["token-request", "--timestamp", "1700000000123", "--nonce", "0123456789abcdef"]
    let outcome = try await Tool.run(list: fixed + arguments, environment: ["ABLY_API_KEY": Tool.key])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix(start), "\(outcome.output)")
    #expect(outcome.output.count { $0 == "\n" } == 1)
    #expect(TokenRequestSigner(key: try APIKey(Tool.key)).verify(try TokenRequest(json: outcome.output)))
  }

  @Test func jwtAlone() async throws {
    let outcome = try await Tool.run("jwt", "--key", Tool.key, "--client-id", "bob", "--ttl", "60s")
    let token = outcome.output.trimmingCharacters(in: .newlines)
    let claims = try AblyJWTSigner(key: APIKey(Tool.key)).verify(token)
    #expect(claims.clientId == "bob")
    #expect(claims.expires.timeIntervalSince(claims.issuedAt) == 60)
  }

  @Test func jwtWithEveryClaim() async throws {
    let outcome = try await Tool.run(
      "jwt", "--key", Tool.key, "--json", "--capability", #"{"*":["*"]}"#, "--revocation-key", "team",
      "--channel-claim", "chat:lobby=a=b", "--publish-rate", "chat:*=5")
    let json = try outcome.json()
    let claims = try AblyJWTSigner(key: APIKey(Tool.key)).verify(try #require(json["token"]?.string))
    #expect(claims.channelClaims == ["chat:lobby": "a=b"])
    #expect(claims.publishRates == ["chat:*": 5])
    #expect(claims.revocationKey == "team")
    #expect(json["claims"]?["x-ably-capability"]?.string == #"{"*":["*"]}"#)
  }

  @Test func jwtTooLargeForAHeader() async throws {
    let outcome = try await Tool.run(
      "jwt", "--key", Tool.key, "--channel-claim", "a=\(String(repeating: "x", count: 8000))")
    #expect(outcome.exitCode == 0)
    #expect(outcome.talk.contains("warning"))
    #expect(outcome.output.hasPrefix("eyJ"))
  }
}
