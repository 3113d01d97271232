import AblyTokens
import Foundation
import Testing

@Suite struct TokenRequestTests {
  static let good = #"{"keyName":"a.k","timestamp":1,"nonce":"n","mac":"m"}"#

  @Test("TE2–TE6: from JSON text and from a JSON object")
  func decoding() throws {
    let text = #"""
      {"keyName":"a.k","ttl":60000,"capability":"{}","clientId":"bob","timestamp":1700000000123,"nonce":"n","mac":"m"}
      """#
    for request in [try TokenRequest(json: text), try TokenRequest(json: JSONValue(parsing: text))] {
      #expect(request.keyName == "a.k")
      #expect(request.ttl == .seconds(60))
      #expect(request.capabilityText == "{}")
      #expect(request.clientId == "bob")
      #expect(request.timestamp == Date(timeIntervalSince1970: 1_700_000_000.123))
      #expect(request.nonce == "n")
      #expect(request.mac == "m")
    }
  }

  @Test(
    "TE6: bad requests are told from good ones",
    arguments: [
      ("", 40000), ("{", 40000), ("[]", 40000), ("{}", 40000),
      (#"{"keyName":"a.k","nonce":"n","mac":"m"}"#, 40000),
      (#"{"timestamp":1,"nonce":"n","mac":"m"}"#, 40000),
      (#"{"keyName":"a.k","timestamp":1,"mac":"m"}"#, 40000),
      (#"{"keyName":"a.k","timestamp":1,"nonce":"n"}"#, 40000),
      (#"{"keyName":"a.k","timestamp":"now","nonce":"n","mac":"m"}"#, 40003),
      (#"{"keyName":"a.k","timestamp":1,"nonce":"n","mac":"m","ttl":"1h"}"#, 40003),
      (#"{"keyName":"a.k","timestamp":1,"nonce":"n","mac":"m","ttl":1.5}"#, 40003),
      (#"{"keyName":"a.k","timestamp":99999999999999999999,"nonce":"n","mac":"m"}"#, 40003),
      (#"{"keyName":"a.k","timestamp":1,"nonce":7,"mac":"m"}"#, 40000),
      (#"{"keyName":"a.k","timestamp":1,"nonce":"n","mac":"m","capability":{"*":["*"]}}"#, 40000),
    ])
  func bad(_ text: String, _ code: Int) {
    let error = #expect(throws: ErrorInfo.self) { try TokenRequest(json: text) }
    #expect(error?.code == ErrorInfo.Code(rawValue: code))
  }

  @Test("extreme numbers are carried, not trapped on", arguments: [Int64.min, -1, 0, .max])
  func extremes(_ milliseconds: Int64) throws {
    let request = try TokenRequest(
      json: #"{"keyName":"a.k","ttl":\#(milliseconds),"timestamp":\#(milliseconds),"nonce":"n","mac":"m"}"#)
    #expect(request.signedText == "a.k\n\(milliseconds)\n\n\n\(milliseconds)\nn\n")
    #expect(request.jsonText.contains("\"ttl\":\(milliseconds)"))
    _ = (request.timestamp, request.ttl, request.description)
  }

  @Test("a MAC never prints")
  func redaction() throws {
    let request = try TokenRequestSigner(key: APIKey("a.k:s")).sign(TokenParams(clientId: "bob"))
    var dumped = ""
    dump(request, to: &dumped)
    for text in ["\(request)", String(reflecting: request), dumped] {
      #expect(!text.contains(request.mac))
      #expect(text.contains("bob"))
    }
  }

  @Test("TE1: a request from parts is the request that was signed")
  func parts() throws {
    let signed = try TokenRequestSigner(key: APIKey("a.k:s")).sign(
      TokenParams(ttl: .seconds(5), capability: ["a": [.publish]], clientId: "bob"))
    let again = try TokenRequest(
      keyName: signed.keyName, ttl: signed.ttl, capabilityText: signed.capabilityText,
      clientId: signed.clientId,
      timestamp: signed.timestamp, nonce: signed.nonce, mac: signed.mac)
    #expect(again == signed)
  }
}
