internal import AblyTokens
internal import Testing

@Suite("ErrorInfo as JSON")
struct ErrorInfoJSONTests {
  private struct Answer: Sendable, CustomTestStringConvertible {
    let text: String
    var http: Int?
    let expected: ErrorInfo
    var testDescription: String { text }
  }

  private static let answers = [
    Answer(
      text: #"{"error":{"code":40142,"statusCode":401,"message":"Token expired","href":"https://e.com/1"}}"#,
      expected: ErrorInfo(.tokenExpired, "Token expired", href: "https://e.com/1")),
    Answer(
      text: #"{"code":40142,"statusCode":401,"message":"Token expired"}"#,
      expected: ErrorInfo(.tokenExpired, "Token expired")),
    Answer(
      text: #"{"code":"40160","statusCode":"401","message":"no"}"#,
      expected: ErrorInfo(.capabilityDenied, "no")),
    Answer(
      text: #"{"code":4.0e4,"message":"odd","surprise":[1,{}],"serverId":"x"}"#,
      expected: ErrorInfo(.badRequest, "odd")),
    Answer(
      text: #"{"code":40142,"statusCode":null,"message":null,"href":null,"cause":null,"detail":null}"#,
      expected: ErrorInfo(.tokenExpired, "token expired")),
    Answer(
      text: #"{"code":80019,"message":"no","requestId":"r"}"#, http: 403,
      expected: ErrorInfo(.tokenRequestFailed, "no", statusCode: 403, requestId: "r")),
    Answer(
      text: #"{"code":40142,"statusCode":401,"message":"no"}"#, http: 500,
      expected: ErrorInfo(.tokenExpired, "no")),
    Answer(
      text: #"{"error":{"code":40142,"message":"one of a batch"}}"#, http: 200,
      expected: ErrorInfo(.tokenExpired, "one of a batch")),
    Answer(text: #"{"message":"go away"}"#, http: 403, expected: ErrorInfo(.forbidden, "go away")),
    Answer(text: #"{"statusCode":404}"#, http: 500, expected: ErrorInfo(.notFound, "not found")),
    Answer(text: #"{"message":"nothing else"}"#, expected: ErrorInfo(.internalError, "nothing else")),
    Answer(
      text: #"{"code":424242,"message":"new"}"#, http: 418,
      expected: ErrorInfo(424_242, "new", statusCode: 418)),
    Answer(
      text: #"{"code":0,"statusCode":401,"message":"no code"}"#, expected: ErrorInfo(.unauthorized, "no code")
    ),
    Answer(
      text: #"{"error":"access_denied","code":40300,"message":"both forms"}"#,
      expected: ErrorInfo(.forbidden, "both forms")),
  ]

  @Test("TI1, TI2: reads what a service sends", arguments: answers)
  private func reads(answer: Answer) throws {
    let json = try JSONValue(parsing: answer.text)
    #expect(ErrorInfo(json: json, statusCode: answer.http) == answer.expected)
  }

  @Test(
    "what is no error is none",
    arguments: [
      "null", "[]", "\"refused\"", "42", "{}", #"{"error":{}}"#, #"{"error":"no"}"#, #"{"error":null}"#,
      #"{"code":null,"message":""}"#, #"{"code":"x","statusCode":"y"}"#, #"{"token":"t","issued":1}"#,
    ])
  func notAnError(text: String) throws {
    #expect(ErrorInfo(json: try JSONValue(parsing: text), statusCode: 500) == nil)
  }

  @Test("TI1: reads the causes")
  func causes() throws {
    let text =
      #"{"code":80019,"message":"a","cause":{"code":40170,"message":"b","cause":{"statusCode":503}}}"#
    let error = try #require(ErrorInfo(json: try JSONValue(parsing: text)))
    #expect(error.cause?.code == .tokenRequestCallbackFailed)
    #expect(error.cause?.cause?.statusCode == 503)
    #expect(error.cause?.cause?.cause == nil)
  }

  @Test("TI6: detail is a map of strings; other values are not taken")
  func detail() throws {
    let text = #"{"code":40000,"detail":{"a":"1","b":2,"c":null,"d":{"e":"f"}}}"#
    #expect(ErrorInfo(json: try JSONValue(parsing: text))?.detail == ["a": "1"])
    let list = try JSONValue(parsing: #"{"code":40000,"detail":["a"]}"#)
    #expect(ErrorInfo(json: list)?.detail == [:])
  }

  @Test("TI6: writes what there is, and no empty detail")
  func writes() {
    #expect(
      ErrorInfo(.tokenExpired, "over").json.text
        == #"{"code":40142,"href":"https://help.ably.io/error/40142","message":"over","statusCode":401}"#)
    #expect(ErrorInfo(.tokenExpired, "over").errorBody == ["error": ErrorInfo(.tokenExpired, "over").json])
    let full = ErrorInfo(
      .tokenRequestFailed, "no", href: "https://e.com/2",
      cause: ErrorInfo(.timeout, "slow", href: "https://e.com/3"),
      requestId: "r", detail: ["k": "v"])
    #expect(
      full.json.text
        == #"{"cause":{"code":50003,"href":"https://e.com/3","message":"slow","statusCode":500},"#
        + #""code":80019,"detail":{"k":"v"},"href":"https://e.com/2","message":"no","requestId":"r","#
        + #""statusCode":401}"#)
  }

  @Test("what was written reads back equal", arguments: ErrorInfo.Code.known)
  func roundTrip(code: ErrorInfo.Code) throws {
    let cause = ErrorInfo(.timeout, "slow", detail: ["host": "a"])
    let error = ErrorInfo(
      code, "refused “so”", statusCode: 451, cause: cause, requestId: "r", detail: ["k": "v"])
    #expect(ErrorInfo(json: try JSONValue(parsing: error.errorBody.utf8)) == error)
  }
}
