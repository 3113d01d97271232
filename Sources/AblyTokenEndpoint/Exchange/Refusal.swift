internal import AblyTokens
internal import HTTPTypes

/// Why a request is refused, and what its answer says besides.
struct Refusal: Error {
  var error: ErrorInfo
  /// What the record says, where that is more than a client may know.
  var recorded: ErrorInfo?
  var headerFields: HTTPFields = [:]

  init(_ code: ErrorInfo.Code, _ message: String, statusCode: Int, headerFields: HTTPFields = [:]) {
    error = ErrorInfo(code, message, statusCode: statusCode)
    self.headerFields = headerFields
  }

  static func malformed(_ message: String) -> Refusal { Refusal(.badRequest, message, statusCode: 400) }

  static func forbidden(_ message: String) -> Refusal { Refusal(.forbidden, message, statusCode: 403) }

  static let unreadable = malformed("this is no HTTP, or its header takes more than 32 KiB")

  static let tooLarge = Refusal(
    .maxMessageSizeExceeded, "the body is larger than \(EndpointRequest.maximumBodyBytes) bytes",
    statusCode: 413)

  static let wrongMethod = Refusal(
    .methodNotAllowed, "tokens are asked for with GET or POST", statusCode: 405,
    headerFields: [.allow: "GET, POST, OPTIONS"])

  /// - Parameter message: what is wrong with the credentials; `nil` where there are none.
  static func unauthorized(_ message: String?) -> Refusal {
    let challenge = message == nil ? #"Bearer realm="ably""# : #"Bearer realm="ably", error="invalid_token""#
    return Refusal(
      .unauthorized, message ?? "the request carries no credentials of a caller", statusCode: 401,
      headerFields: [.wwwAuthenticate: challenge])
  }

  static func overLimit(seconds: Int) -> Refusal {
    Refusal(
      .rateLimited, "this caller asks for tokens too often", statusCode: 429,
      headerFields: [.retryAfter: String(seconds)])
  }

  static func unavailable(_ message: String, seconds: Int = 5) -> Refusal {
    Refusal(.timeout, message, statusCode: 503, headerFields: [.retryAfter: String(seconds)])
  }

  /// - Parameters:
  ///   - message: what the client is told.
  ///   - error: what the record says.
  static func unavailable(_ message: String, because error: ErrorInfo) -> Refusal {
    var refusal = unavailable(message)
    refusal.recorded = refusal.error
    refusal.recorded?.message = "\(message): \(error.message)"
    return refusal
  }
}
