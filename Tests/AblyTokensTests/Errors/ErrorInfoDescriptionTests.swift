internal import AblyTokens
internal import Testing

@Suite("ErrorInfo as a value and as a line of a log")
struct ErrorInfoDescriptionTests {
  @Test("TI1: it holds code, status, message, cause, page, request id and detail")
  func members() {
    let cause = ErrorInfo(.tokenExpired, "expired")
    let error = ErrorInfo(
      .tokenRequestFailed, "no token", statusCode: 403, href: "https://example.com/why", cause: cause,
      requestId: "r-1", detail: ["endpoint": "/auth"])
    #expect(error.code == 80_019)
    #expect(error.statusCode == 403)
    #expect(error.message == "no token")
    #expect(error.cause == cause)
    #expect(error.href == "https://example.com/why")
    #expect(error.requestId == "r-1")
    #expect(error.detail == ["endpoint": "/auth"])
  }

  @Test("TI1: a cause can be set and taken away")
  func cause() {
    var error = ErrorInfo(.badRequest, "no")
    #expect(error.cause == nil)
    error.cause = ErrorInfo(.internalError, "why")
    #expect(error.cause?.code == .internalError)
    error.cause = nil
    #expect(error == ErrorInfo(.badRequest, "no"))
  }

  @Test("TI4, TI5: the page is the one given, else Ably's page for the code")
  func page() {
    #expect(ErrorInfo(.tokenExpired, "x").href == "https://help.ably.io/error/40142")
    #expect(ErrorInfo(.tokenExpired, "x", href: "https://example.com/a").href == "https://example.com/a")
  }

  @Test("TI5: a log line says where to read on, once")
  func see() {
    let line = "\(ErrorInfo(.tokenExpired, "expired"))"
    #expect(line.contains("40142") && line.contains("expired"))
    #expect(line.contains("See https://help.ably.io/error/40142"))
    let told = "\(ErrorInfo(.tokenExpired, "expired, see https://help.ably.io/error/40142"))"
    #expect(told.components(of: "https://help.ably.io/error/40142") == 1)
    #expect(!told.contains("See https://"))
  }

  @Test("RSC7c: a log line names the request and the causes")
  func chain() {
    let inner = ErrorInfo(.nonceReplayed, "seen before")
    let line = "\(ErrorInfo(.tokenRequestFailed, "no token", cause: inner, requestId: "r-7"))"
    #expect(line.contains("r-7"))
    #expect(line.contains("80019") && line.contains("40105") && line.contains("seen before"))
  }
}

extension String {
  fileprivate func components(of part: String) -> Int {
    split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}
