import AblyTokens
import Foundation
import Testing

@Suite struct TokenDetailsTests {
  @Test("TD7: from JSON text and from a JSON object, unknown members ignored")
  func decoding() throws {
    let text = #"""
      {"token":"t","keyName":"a.k","issued":1700000000123,"expires":"1700003600123","capability":"{\"*\":[\"*\"]}",
      "clientId":"bob","future":[1,{"a":null}]}
      """#
    for details in [try TokenDetails(json: text), try TokenDetails(json: JSONValue(parsing: text))] {
      #expect(details.token == "t")
      #expect(details.keyName == "a.k")
      #expect(details.issued == Date(timeIntervalSince1970: 1_700_000_000.123))
      #expect(details.expires == Date(timeIntervalSince1970: 1_700_003_600.123))
      #expect(details.capability == ["*": [.all]])
      #expect(details.clientId == "bob")
    }
  }

  @Test("TD1: null counts as absent")
  func nulls() throws {
    let details = try TokenDetails(
      json: #"{"token":"t","keyName":null,"issued":null,"expires":null,"capability":null,"clientId":null}"#)
    #expect(details == TokenDetails(token: "t"))
  }

  @Test("TD6: an empty client id counts as absent")
  func emptyClientId() throws {
    let details = try TokenDetails(json: #"{"token":"t","clientId":""}"#)
    #expect(details.clientId == nil)
    #expect(details == TokenDetails(token: "t"))
  }

  @Test(
    "times are exact to the millisecond in both directions",
    arguments: [
      0, 1, 999, 1_700_000_000_001, 1_700_000_000_123, 1_700_000_000_999, 253_402_300_799_999,
    ])
  func times(_ milliseconds: Int64) throws {
    let json: JSONValue = ["token": "t", "expires": .number(JSONNumber(milliseconds))]
    #expect(try TokenDetails(json: json).json()["expires"]?.number?.int64 == milliseconds)
  }

  @Test(
    "bad details are told from good ones",
    arguments: [
      ("", 40000), ("null", 40000), ("[]", 40000), ("\"t\"", 40000), ("{}", 40000), (#"{"token":""}"#, 40000),
      (#"{"token":7}"#, 40000), (#"{"token":"t","expires":"soon"}"#, 40003),
      (#"{"token":"t","expires":1.5}"#, 40003),
      (#"{"token":"t","issued":1e400}"#, 40003), (#"{"token":"t","clientId":7}"#, 40000),
      (#"{"token":"t","capability":{"*":["*"]}}"#, 40000), (#"{"token":"a","token":"b"}"#, 40000),
    ])
  func bad(_ text: String, _ code: Int) {
    let error = #expect(throws: ErrorInfo.self) { try TokenDetails(json: text) }
    #expect(error?.code == ErrorInfo.Code(rawValue: code))
  }

  @Test("a token never prints")
  func redaction() throws {
    let details = TokenDetails(token: "top-secret-token", expires: .distantFuture, clientId: "bob")
    var dumped = ""
    dump(details, to: &dumped)
    for text in ["\(details)", String(reflecting: details), dumped] {
      #expect(!text.contains("top-secret"))
      #expect(text.contains("bob"))
    }
  }
}
