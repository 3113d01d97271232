internal import AblyTokens
internal import Testing

@Suite("The status that goes with a code")
struct ErrorCodeStatusTests {
  @Test(
    "usual statuses",
    arguments: [
      (ErrorInfo.Code.badRequest, 400), (.invalidParameterValue, 400), (.maxMessageSizeExceeded, 413),
      (.invalidClientId, 400), (.invalidCredentials, 401), (.incompatibleCredentials, 401),
      (.timestampOutsideWindow, 401), (.nonceReplayed, 401), (.noAuthenticationMethod, 401),
      (.accountConnectionLimitExceeded, 403), (.wrongKeyForRevocation, 401), (.tokenRevoked, 401),
      (.tokenExpired, 401), (.invalidJWT, 401), (.capabilityDenied, 401), (.operationRequiresBasicAuth, 401),
      (.revocationNotEnabled, 401), (.tokenRequestCallbackFailed, 401), (.forbidden, 403),
      (.authenticationRequired, 403), (.notFound, 404), (.methodNotAllowed, 405), (.conflict, 409),
      (.pushRegistrationExpired, 410), (.contentRejected, 422), (.rateLimited, 429), (.internalError, 500),
      (.timeout, 500), (.routingRefused, 502), (.routingTimedOut, 504), (.connectionDisconnected, 400),
      (.connectionRecoveryFailed, 400), (.connectionReplaced, 410), (.invalidConnectionKey, 400),
      (.tokenRequestFailed, 401), (.accountConnectionRateExceeded, 429), (.invalidChannelState, 400),
      (.channelOperationTimedOut, 408), (.presenceRequiresClientId, 400),
    ])
  func usual(code: ErrorInfo.Code, status: Int) {
    #expect(code.usualStatusCode == status)
    #expect(ErrorInfo(code, "refused").statusCode == status)
  }

  @Test("a known code goes with an HTTP error", arguments: ErrorInfo.Code.known)
  func known(code: ErrorInfo.Code) {
    #expect((400...599).contains(code.usualStatusCode))
  }

  @Test(
    "a code that is not known goes with the status it begins with, if it does",
    arguments: [
      (Int.min, 400), (-40_142, 400), (0, 400), (39_999, 400), (40_199, 401), (59_999, 599), (60_000, 400),
      (104_000, 400), (4_014_200, 400), (Int.max, 400),
    ])
  func unknown(number: Int, status: Int) {
    #expect(ErrorInfo.Code(rawValue: number).usualStatusCode == status)
  }

  @Test(
    "RSC10, RSA4b: a token error has a code from 40140 to 40149 and status 401",
    arguments: [
      (40_139, 401, false), (40_140, 401, true), (40_142, 401, true), (40_149, 401, true),
      (40_150, 401, false),
      (40_142, 400, false), (40_142, 403, false), (40_101, 401, false), (80_019, 401, false),
    ])
  func tokenErrors(number: Int, status: Int, expected: Bool) {
    let code = ErrorInfo.Code(rawValue: number)
    #expect(ErrorInfo(code, "refused", statusCode: status).isTokenError == expected)
    #expect(code.isTokenError == (40_140...40_149).contains(number))
  }

  @Test("codes are ordered by number and written as integers")
  func order() {
    #expect([ErrorInfo.Code.tokenExpired, 40_000, .tokenError].sorted() == [.badRequest, 40_140, 40_142])
    #expect(ErrorInfo.Code.known == ErrorInfo.Code.known.sorted())
  }
}
