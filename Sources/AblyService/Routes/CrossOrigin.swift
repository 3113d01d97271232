internal import AblyTokens

/// What lets a page in a browser, whose origin is another, read the service's answers: official clients run there.
///
/// No page gains by it what it had not before: credentials are in headers or queries that the page itself writes, never
/// in cookies.
enum CrossOrigin {
  /// What of an answer a page may read.
  private static let exposed = "Link, X-Ably-ErrorCode, X-Ably-ErrorMessage, Retry-After"

  /// What a page may send.
  private static let allowed =
    "Accept, Authorization, Content-Type, Ably-Agent, X-Ably-ClientId, X-Ably-Lib, X-Ably-Version"

  /// The answer to the question of a browser whether it may send a request; `nil` for any other request.
  static func preflight(_ request: ServiceRequest) -> ServiceResponse? {
    guard request.method == "OPTIONS", applies(to: request),
      request.headers["access-control-request-method"] != nil
    else { return nil }
    var response = ServiceResponse(204, .null)
    response.headers += [
      ("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE"),
      ("Access-Control-Allow-Headers", allowed), ("Access-Control-Max-Age", "600"),
    ]
    return response
  }

  /// Lets the page that asked read an answer.
  static func allow(_ request: ServiceRequest, in response: inout ServiceResponse) {
    guard applies(to: request) else { return }
    response.headers += [
      ("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", exposed),
    ]
  }

  private static func applies(to request: ServiceRequest) -> Bool {
    request.headers["origin"] != nil && Route.isOfClients(request.path)
  }
}
