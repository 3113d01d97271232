internal import AblyTokens
internal import HTTPTypes

/// The web pages whose scripts may ask and read the answer (CORS).
struct AllowedOrigins: Sendable, Hashable {
  private let origins: Set<String>

  init(_ origins: [String]) throws(ErrorInfo) {
    for origin in origins where !Self.isOrigin(origin) {
      throw ErrorInfo(
        .invalidParameterValue, "\(PeerText.line(origin, maximumCount: 120)) is not an origin",
        remedy: "Write scheme, host and perhaps port, in lower case and without a path: https://app.example.")
    }
    self.origins = Set(origins)
  }

  /// Whether browsers may send this text as an `Origin`: any other could never match.
  static func isOrigin(_ text: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
    let host = text.utf8.dropFirst(scheme.utf8.count)
    return !host.isEmpty
      && host.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
          true
        default: false
        }
      }
  }

  /// Tells the browser that the page may read the answer, if it may.
  func allow(_ request: EndpointRequest, in response: inout EndpointResponse) {
    guard !origins.isEmpty else { return }
    response.headerFields[.vary] = "Origin"
    guard let origin = request.headerFields[.origin], origins.contains(origin) else { return }
    response.headerFields[.accessControlAllowOrigin] = origin
    response.headerFields[.accessControlAllowCredentials] = "true"
  }

  /// The answer to a browser that asks whether it may ask; `nil` for an `OPTIONS` that is something else.
  func preflight(_ request: EndpointRequest) -> EndpointResponse? {
    guard request.headerFields[.origin] != nil, request.headerFields[.accessControlRequestMethod] != nil
    else { return nil }
    var response = EndpointResponse(
      status: .noContent,
      headerFields: [.vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"])
    guard let origin = request.headerFields[.origin], origins.contains(origin) else { return response }
    response.headerFields[.accessControlAllowOrigin] = origin
    response.headerFields[.accessControlAllowCredentials] = "true"
    response.headerFields[.accessControlAllowMethods] = "GET, POST"
    response.headerFields[.accessControlAllowHeaders] = "Authorization, Content-Type"
    response.headerFields[.accessControlMaxAge] = "600"
    return response
  }
}
