internal import AblyTokens
internal import AblyWire
internal import HTTPTypes

/// What the service answered to a request that it carried out.
struct RESTAnswer: Sendable {
  let status: Int
  let fields: HTTPFields

  /// What came, as JSON; `null` for an empty body.
  let body: JSONValue

  /// Reads an answer.
  ///
  /// - Throws: the service's refusal; else an error for an answer that is not the service's (RSC8e).
  init(_ reply: HTTPReply, to call: RESTCall, format: WireFormat) throws(ErrorInfo) {
    status = reply.response.status.code
    fields = reply.response.headerFields
    guard (200..<300).contains(status) else { throw ErrorInfo(refusal: reply, to: call, format: format) }
    guard !reply.body.isEmpty else {
      body = .null
      return
    }
    guard let format = MediaType.format(fields[.contentType], orElse: format) else {
      throw ErrorInfo(unsupported: reply, to: call)
    }
    do throws(ErrorInfo) {
      body = try format.decode(reply.body)
    } catch {
      throw ErrorInfo(unreadable: "the answer cannot be read: \(error.message)", status: status)
    }
  }

  /// The error for a body that is not what the call asked for.
  func unreadable(_ what: String) -> ErrorInfo { ErrorInfo(unreadable: what, status: status) }
}
