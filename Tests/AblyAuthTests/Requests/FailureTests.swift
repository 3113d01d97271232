internal import AblyAuth
internal import AblyTokens
internal import Testing

@Suite("Requests without an answer")
struct FailureTests {
  static let failures: [(HTTPFailure.Reason, ErrorInfo.Code)] = [
    (.timedOut, .timeout), (.unresolved, .connectionFailed), (.refused, .connectionFailed),
    (.unreachable, .connectionFailed), (.tls, .connectionFailed), (.untrusted, .connectionFailed),
    (.broken, .connectionFailed),
    (.malformed, .connectionFailed), (.tooLarge, .invalidDataOrEncoding), (.cancelled, .operationCanceled),
    (.invalidRequest, .internalError),
  ]

  @Test("RSC13: each has a code, status 0, and the first thing to do", arguments: failures)
  func mapping(reason: HTTPFailure.Reason, code: ErrorInfo.Code) async {
    let transport = StubTransport { _ throws(HTTPFailure) in throw HTTPFailure(reason, "detail") }
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(transport) { $0.fallbackHosts = [] }.time()
    }
    #expect(error?.code == code)
    #expect(error?.statusCode == 0)
    #expect(error?.remedy?.isEmpty == false)
    #expect(reason == .cancelled || error?.message.contains("main.realtime.ably.net") == true)
    #expect(transport.sent.count == 1, "nothing is repeated")
  }

  @Test("RSC13: the request timeout of the options goes to the transport")
  func timeout() async throws {
    let transport = StubTransport(.time)
    _ = try await RESTClient.stubbed(transport) { $0.httpRequestTimeout = .milliseconds(1234) }.time()
    #expect(transport.sent[0].limits.timeout == .milliseconds(1234))
    #expect(transport.sent[0].limits.maximumBodySize <= 1 << 20)
  }
}
