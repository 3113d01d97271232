import AblyTokens
import Foundation
import Testing

@Suite struct TokenRequestSignerTests {
  let key: APIKey
  let signer: TokenRequestSigner

  init() throws {
    key = try APIKey("app.key:a-secret-that-must-not-show")
    signer = TokenRequestSigner(key: key)
  }

  @Test("RSA5, RSA6: what is not given is absent from the JSON")
  func absent() throws {
    let members = try #require(JSONValue(parsing: signer.sign().jsonText).object)
    #expect(Set(members.keys) == ["keyName", "timestamp", "nonce", "mac"])
  }

  @Test("RSA5, RSA6: empty texts count as absent", arguments: ["capability", "clientId"])
  func empty(_ name: String) throws {
    var params = TokenParams(clientId: name == "clientId" ? "" : "bob")
    params.capabilityText = name == "capability" ? "" : #"{"a":["publish"]}"#
    let request = try signer.sign(params)
    #expect(try JSONValue(parsing: request.jsonText)[name] == nil)
    #expect(request.signedText.contains("\n\n"))
    #expect(signer.verify(request))
  }

  @Test("RSA9c: a nonce of 16 characters or more, never the same twice")
  func nonces() throws {
    var seen: Set<String> = []
    for _ in 0..<2000 {
      let nonce = try signer.sign().nonce
      #expect(nonce.utf8.count >= 16)
      #expect(seen.insert(nonce).inserted)
    }
  }

  @Test("RSA9d: the timestamp is the time of signing, to the millisecond")
  func timestampOfSigning() throws {
    let now = Date(timeIntervalSince1970: 1_731_234_567.891)
    #expect(try signer.sign(at: now).signedText.contains("\n1731234567891\n"))
  }

  @Test("RSA9d: without a time given it is the system's, in whole milliseconds")
  func systemTime() throws {
    let before = Date()
    let timestamp = try signer.sign().timestamp
    #expect(timestamp.timeIntervalSince1970 >= (before.timeIntervalSince1970 * 1000).rounded(.down) / 1000)
    #expect(timestamp <= Date())
  }

  @Test("TK2d, TK2e: a given timestamp and nonce are kept")
  func given() throws {
    let timestamp = Date(timeIntervalSince1970: 1.5)
    let request = try signer.sign(TokenParams(timestamp: timestamp, nonce: "0123456789abcdef"))
    #expect(request.timestamp == timestamp)
    #expect(request.nonce == "0123456789abcdef")
  }

  @Test(
    "TK2a: a Duration is sent in whole milliseconds",
    arguments: [
      (Duration.milliseconds(1), "1"), (.seconds(3600), "3600000"), (.microseconds(1999), "1"), (.zero, "0"),
    ])
  func ttl(_ duration: Duration, _ text: String) throws {
    #expect(try signer.sign(TokenParams(ttl: duration)).signedText.split(separator: "\n")[1] == text)
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let code: ErrorInfo.Code
    let params: TokenParams
  }

  static func capability(_ text: String) -> TokenParams {
    var params = TokenParams()
    params.capabilityText = text
    return params
  }

  static let refusals: [Refusal] = [
    Refusal(testDescription: "negative ttl", code: 40003, params: TokenParams(ttl: .milliseconds(-1))),
    Refusal(testDescription: "endless ttl", code: 40003, params: TokenParams(ttl: .seconds(Int64.max))),
    Refusal(
      testDescription: "infinite timestamp", code: 40003,
      params: TokenParams(timestamp: Date(timeIntervalSince1970: .infinity))),
    Refusal(
      testDescription: "timestamp that is no number", code: 40003,
      params: TokenParams(timestamp: Date(timeIntervalSince1970: .nan))),
    Refusal(testDescription: "clientId with a line feed", code: 40012, params: TokenParams(clientId: "a\nb")),
    Refusal(testDescription: "clientId with CR LF", code: 40012, params: TokenParams(clientId: "a\r\nb")),
    Refusal(testDescription: "clientId with a star", code: 40012, params: TokenParams(clientId: "bob*")),
    Refusal(testDescription: "empty nonce", code: 40003, params: TokenParams(nonce: "")),
    Refusal(testDescription: "nonce with a line feed", code: 40003, params: TokenParams(nonce: "a\nb")),
    Refusal(
      testDescription: "capability on several lines", code: 40003,
      params: capability("{\n\"a\":[\"publish\"]}")),
    Refusal(testDescription: "capability that is not JSON", code: 40000, params: capability("a:publish")),
    Refusal(testDescription: "capability that is a list", code: 40000, params: capability("[]")),
  ]

  @Test("what would be misunderstood is not signed", arguments: refusals)
  func refused(_ refusal: Refusal) {
    let error = #expect(throws: ErrorInfo.self) { try signer.sign(refusal.params) }
    #expect(error?.code == refusal.code)
    #expect(error?.remedy?.isEmpty == false)
  }

  @Test("a request signed by another key does not verify")
  func otherKey() throws {
    let request = try signer.sign()
    #expect(signer.verify(request))
    #expect(!TokenRequestSigner(key: try APIKey("app.key:another")).verify(request))
    #expect(!TokenRequestSigner(key: try APIKey("app.other:a-secret-that-must-not-show")).verify(request))
  }

  @Test("a signer is shared between tasks without repeating a nonce")
  func concurrent() async throws {
    let signer = signer
    let nonces = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<8 {
        group.addTask { try (0..<500).map { _ in try signer.sign().nonce } }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(nonces).count == 4000)
  }
}
