internal import AblyTokens
internal import AblyWire
internal import HTTPTypes

extension ErrorInfo {
  /// An answer that refuses (TI2), whoever gave it.
  init(refusal reply: HTTPReply, to call: RESTCall, format: WireFormat) {
    let status = reply.response.status.code
    let fields = reply.response.headerFields
    let format = MediaType.format(fields[.contentType], orElse: format)
    let body = format.flatMap { try? $0.decode(reply.body) }
    if let error = body.flatMap({ Self(json: $0, statusCode: status) }) {
      self = error
      return
    }
    self.init(
      httpStatus: status, errorCode: fields.values("X-Ably-ErrorCode").first,
      errorMessage: fields.values("X-Ably-ErrorMessage").first)
    if format == nil, !reply.body.isEmpty { message += "; \(Self.unsupportedType(of: reply, call))" }
    if (300..<400).contains(status) {
      remedy = "Correct ClientOptions.endpoint: redirects are not followed, they could lead credentials away."
    }
  }

  /// The same with what the header says of the error before what the body says (HP6, HP7).
  func preferring(_ fields: HTTPFields) -> ErrorInfo {
    let header = ErrorInfo(
      httpStatus: statusCode, errorCode: fields.values("X-Ably-ErrorCode").first,
      errorMessage: fields.values("X-Ably-ErrorMessage").first ?? message, requestId: requestId)
    guard fields.values("X-Ably-ErrorCode").first != nil, header.code != code else {
      var error = self
      error.message = header.message
      return error
    }
    return header
  }

  /// A success in a form that is not the service's (RSC8e2).
  init(unsupported reply: HTTPReply, to call: RESTCall) {
    self.init(
      unreadable: "the answer with HTTP status \(reply.response.status.code) is in a content type that is "
        + "not supported; \(Self.unsupportedType(of: reply, call))", status: reply.response.status.code)
  }

  /// A success that says nothing that can be understood.
  init(unreadable what: String, status: Int) {
    self.init(
      .invalidDataOrEncoding, what, statusCode: 400,
      remedy: "Check ClientOptions.endpoint: something else than the service seems to answer there.")
  }

  // The specification wants the beginning of the body for the diagnosis (RSC8e1, RSC8e2). A token is not
  // worth that.
  private static func unsupportedType(of reply: HTTPReply, _ call: RESTCall) -> String {
    let type = PeerText.line(reply.response.headerFields[.contentType] ?? "", maximumCount: 128)
    let text = "content type '\(type)' is not supported"
    guard !call.answerIsSecret else { return text }
    return "\(text), the body begins (base64) \(Base64.standard.encode(reply.body.prefix(512)))"
  }
}
