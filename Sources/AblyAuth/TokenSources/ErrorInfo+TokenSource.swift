internal import AblyTokens
internal import HTTPTypes

// RSA4e: what is not an error of Ably's own is 40170 with status 401. A refusal with 403 keeps its status:
// it is final (RSA4d).
extension ErrorInfo {
  /// The source gave something that cannot be a token (RSA4f).
  init(unusable: AuthAnswer.Unusable, from source: String) {
    self.init(
      .tokenRequestCallbackFailed, "what \(source) gave cannot be used: \(unusable.why)",
      remedy: "Make it give a token, token details or a signed token request, and nothing else.")
  }

  /// Reaching the source failed, or the exchange of what it gave, for a reason that is not Ably's.
  init(tokenSource source: String, _ cause: ErrorInfo) {
    guard cause.code != .operationCanceled else {
      self = cause
      return
    }
    self.init(
      .tokenRequestCallbackFailed, "\(source) gave no token: \(cause.message)",
      remedy: "Look at the server behind \(source), and at the cause of this error.", cause: cause)
  }

  /// The callback threw something.
  init(thrownByCallback error: any Error) {
    if let error = error as? ErrorInfo {
      self = error
      return
    }
    let what = PeerText.line(String(describing: error), maximumCount: 512)
    self.init(
      .tokenRequestCallbackFailed, "authCallback failed: \(what)",
      remedy: "Look at what the callback threw. An ErrorInfo of its own is passed on as it is.")
  }

  /// The source took too long.
  init(tokenSource source: String, exceeds limit: Duration) {
    self.init(
      .tokenRequestCallbackFailed, "\(source) gave no token within \(limit)",
      cause: ErrorInfo(.timeout, "no answer within \(limit)", statusCode: 0))
  }

  /// An auth server refused (RSA4d).
  init(authURLRefusal reply: HTTPReply) {
    let status = reply.response.status.code
    let error = (try? JSONValue(parsing: reply.body)).flatMap { ErrorInfo(json: $0, statusCode: status) }
    self.init(
      .tokenRequestCallbackFailed, "authURL refused with HTTP status \(status)",
      statusCode: status == 403 ? 403 : nil, cause: error ?? ErrorInfo(httpStatus: status))
  }
}
