internal import AblyTokens
internal import Testing

@Suite("ErrorInfo from an HTTP answer without a readable body")
struct ErrorInfoHTTPAnswerTests {
  @Test(
    "the code is derived from the status where no header names one",
    arguments: [
      (400, ErrorInfo.Code.badRequest), (401, .unauthorized), (403, .forbidden), (404, .notFound),
      (405, .methodNotAllowed), (409, .conflict), (413, .maxMessageSizeExceeded), (418, .badRequest),
      (422, .unprocessableContent), (429, .rateLimited), (499, .badRequest), (500, .internalError),
      (502, .internalError), (503, .internalError), (504, .internalError), (302, .internalError),
      (0, .internalError), (-1, .internalError), (Int.max, .internalError), (Int.min, .internalError),
    ])
  func derived(status: Int, code: ErrorInfo.Code) {
    let error = ErrorInfo(httpStatus: status)
    #expect(error.code == code)
    #expect(error.statusCode == status)
    #expect(error.message.contains("\(status)"))
    #expect(error.remedy == code.remedy)
  }

  @Test("HP6, HP7: the headers name the code and the message")
  func headers() {
    let error = ErrorInfo(
      httpStatus: 429, errorCode: "42922", errorMessage: "rate limit exceeded; too many requests",
      requestId: "r")
    #expect(
      error
        == ErrorInfo(.rateLimited, "rate limit exceeded; too many requests", statusCode: 429, requestId: "r"))
  }

  @Test(
    "a header that is no code is ignored", arguments: ["", "x", "-1", "0", "40142 ", "99999999999999999999"])
  func unreadableCode(header: String) {
    #expect(ErrorInfo(httpStatus: 401, errorCode: header, errorMessage: "").code == .unauthorized)
  }

  @Test("a message in a header is a peer's text")
  func hostileMessage() {
    let error = ErrorInfo(httpStatus: 500, errorMessage: "a\u{1B}b" + String(repeating: "x", count: 10_000))
    #expect(error.message.hasPrefix("a bxxx"))
    #expect(error.message.utf8.count == 2048)
  }
}
