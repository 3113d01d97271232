import AblyTokens
import Crypto
import Foundation
import Testing

/// Each case signs as a careless signer would, with swift-crypto's own HMAC, and expects the slip to be named.
@Suite struct TokenRequestDiagnosisTests {
  struct Slip: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let body: String
    let text: String
    var secret = "c2VjcmV0"
    var spelling: @Sendable ([UInt8]) -> String = { Data($0).base64EncodedString() }
    let named: String
  }

  static let cap = #"{"a":["publish"],"b":["subscribe"]}"#
  static let right = "app.key\n60000\n\(cap)\nbob\n1700000000000\n0123456789abcdef\n"

  static func body(
    ttl: String = "60000", cap: String? = cap, clientId: String? = "bob", timestamp: String = "1700000000000"
  ) -> String {
    var members = [
      #""keyName":"app.key""#, "\"timestamp\":\(timestamp)", #""nonce":"0123456789abcdef""#,
    ]
    if ttl != "" { members.append("\"ttl\":\(ttl)") }
    if let cap { members.append("\"capability\":\(JSONValue.string(cap))") }
    if let clientId { members.append("\"clientId\":\"\(clientId)\"") }
    return members.joined(separator: ",")
  }

  static let slips: [Slip] = [
    Slip(
      testDescription: "no last line feed", body: body(), text: String(right.dropLast()), named: "line feed"),
    Slip(
      testDescription: "backslash n", body: body(), text: right.replacingOccurrences(of: "\n", with: "\\n"),
      named: "two characters"),
    Slip(
      testDescription: "CR LF", body: body(), text: right.replacingOccurrences(of: "\n", with: "\r\n"),
      named: "carriage return"),
    Slip(
      testDescription: "ttl signed empty", body: body(ttl: "0"),
      text: right.replacingOccurrences(of: "60000", with: ""), named: "ttl was signed as an empty line"),
    Slip(
      testDescription: "ttl signed in seconds", body: body(),
      text: right.replacingOccurrences(of: "\n60000\n", with: "\n60\n"), named: "ttl was signed in seconds"),
    Slip(
      testDescription: "ttl sent in seconds", body: body(ttl: "60"), text: right, named: "but sent in seconds"
    ),
    Slip(
      testDescription: "default ttl signed", body: body(ttl: ""),
      text: right.replacingOccurrences(of: "\n60000\n", with: "\n3600000\n"), named: "ttl of 3600000"),
    Slip(
      testDescription: "ttl as a fraction", body: body(ttl: "60000.0"), text: right, named: "another spelling"
    ),
    Slip(
      testDescription: "timestamp signed in seconds", body: body(),
      text: right.replacingOccurrences(of: "1700000000000", with: "1700000000"),
      named: "timestamp was signed in seconds"),
    Slip(
      testDescription: "timestamp sent as a fraction", body: body(timestamp: "1700000000000.0"), text: right,
      named: "timestamp was signed in another spelling"),
    Slip(
      testDescription: "timestamp sent with an exponent", body: body(timestamp: "1.7e12"), text: right,
      named: "timestamp was signed in another spelling"),
    Slip(
      testDescription: "capability spaced when signed", body: body(),
      text: right.replacingOccurrences(of: cap, with: #"{"a": ["publish"], "b": ["subscribe"]}"#),
      named: "capability was signed in another spelling"),
    Slip(
      testDescription: "capability spaced when sent",
      body: body(cap: #"{"a": ["publish"], "b": ["subscribe"]}"#),
      text: right, named: "capability was signed in another spelling"),
    Slip(
      testDescription: "capability reordered", body: body(cap: #"{"b":["subscribe"],"a":["publish"]}"#),
      text: right,
      named: "capability was signed in another spelling"),
    Slip(
      testDescription: "capability not signed", body: body(),
      text: right.replacingOccurrences(of: cap, with: ""), named: "capability was sent but"),
    Slip(
      testDescription: "default capability signed", body: body(cap: nil),
      text: right.replacingOccurrences(of: cap, with: #"{"*":["*"]}"#), named: "was signed but not sent"),
    Slip(
      testDescription: "clientId not signed", body: body(),
      text: right.replacingOccurrences(of: "bob", with: ""), named: "client id was sent but"),
    Slip(
      testDescription: "null signed for a clientId", body: body(clientId: nil),
      text: right.replacingOccurrences(of: "bob", with: "null"), named: "null was signed"),
    Slip(
      testDescription: "whole key as secret", body: body(), text: right, secret: "app.key:c2VjcmV0",
      named: "whole key"),
    Slip(
      testDescription: "secret base64-decoded", body: body(), text: right, secret: "secret",
      named: "base64-decoded"),
    Slip(
      testDescription: "secret with a line feed", body: body(), text: right, secret: "c2VjcmV0\n",
      named: "at its end"),
    Slip(
      testDescription: "hexadecimal MAC", body: body(), text: right,
      spelling: { $0.map { String(format: "%02x", $0) }.joined() }, named: "hexadecimal"),
    Slip(
      testDescription: "URL-safe MAC", body: body(), text: right,
      spelling: {
        Data($0).base64EncodedString().replacingOccurrences(of: "+", with: "-")
          .replacingOccurrences(of: "/", with: "_")
      }, named: "URL-safe"),
    Slip(
      testDescription: "MAC without padding", body: body(), text: right,
      spelling: { String(Data($0).base64EncodedString().dropLast()) }, named: "padding"),
  ]

  static func request(_ slip: Slip) throws -> TokenRequest {
    let code = HMAC<SHA256>.authenticationCode(
      for: Data(slip.text.utf8), using: SymmetricKey(data: Data(slip.secret.utf8)))
    return try TokenRequest(json: "{\(slip.body),\"mac\":\"\(slip.spelling(Array(code)))\"}")
  }

  @Test("a known slip is named, and both texts are shown", arguments: slips)
  func named(_ slip: Slip) throws {
    let key = try APIKey("app.key:c2VjcmV0")
    let request = try Self.request(slip)
    #expect(!TokenRequestSigner(key: key).verify(request))
    let diagnosis = TokenRequestSigner.diagnose(request, with: key)
    #expect(!diagnosis.verifies)
    #expect(diagnosis.secretIsRight)
    #expect(diagnosis.mistakes.contains { $0.contains(slip.named) }, "\(diagnosis.mistakes)")
    #expect(diagnosis.signedText == slip.text)
    #expect(diagnosis.expectedText == request.signedText)
  }

  @Test("a right request verifies without a mistake")
  func right() throws {
    let request = try Self.request(Slip(testDescription: "", body: Self.body(), text: Self.right, named: ""))
    let diagnosis = TokenRequestSigner.diagnose(request, with: try APIKey("app.key:c2VjcmV0"))
    #expect(diagnosis.verifies)
    #expect(diagnosis.mistakes.isEmpty)
    #expect(diagnosis.signedText == Self.right)
  }

  @Test("another secret is not explained away")
  func otherSecret() throws {
    let request = try Self.request(
      Slip(testDescription: "", body: Self.body(), text: Self.right, secret: "quite another", named: ""))
    let diagnosis = TokenRequestSigner.diagnose(request, with: try APIKey("app.key:c2VjcmV0"))
    #expect(!diagnosis.secretIsRight)
    #expect(diagnosis.signedText == nil)
    #expect(diagnosis.expectedText == Self.right)
  }

  @Test("the right secret under another key's name is told")
  func otherName() throws {
    let request = try Self.request(Slip(testDescription: "", body: Self.body(), text: Self.right, named: ""))
    let diagnosis = TokenRequestSigner.diagnose(request, with: try APIKey("app.other:c2VjcmV0"))
    #expect(!diagnosis.verifies)
    #expect(diagnosis.mistakes.contains { $0.contains("another key") })
  }
}
