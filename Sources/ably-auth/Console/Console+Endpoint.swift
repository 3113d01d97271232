internal import AblyService
internal import AblyTokenEndpoint
internal import AblyTokens
internal import HTTPTypes

extension Console {
  /// The console of an endpoint that is tried out. It gives the logins away that were made for it, so it answers
  /// the user of this machine alone.
  ///
  /// - Parameters:
  ///   - endpointPath: where the endpoint stands.
  ///   - logins: the logins to try, by the name of their user.
  ///   - isSecure: whether the endpoint speaks TLS.
  static func pages(endpointPath: String, logins: [String: String], isSecure: Bool) -> EndpointPages {
    { request in
      guard request.path.hasPrefix(path), ["GET", "HEAD"].contains(request.method) else { return nil }
      if let refusal = refusal(of: request, isSecure: isSecure) {
        return response(.forbidden, File(mediaType: "text/plain; charset=utf-8", bytes: Array(refusal.utf8)))
      }
      if request.path == sitePath {
        let site: JSONValue = [
          "site": "endpoint", "path": .string(endpointPath),
          "logins": .object(logins.mapValues(JSONValue.string)),
        ]
        return response(.ok, File(mediaType: "application/json", bytes: site.utf8))
      }
      return file(at: request.path).map { response(.ok, $0) }
    }
  }

  private static func refusal(of request: EndpointPageRequest, isSecure: Bool) -> String? {
    guard request.peer?.isLoopback == true else { return "this page is for the machine that serves it\n" }
    return OwnPage.refusal(
      isSecure: isSecure, host: request.host, origin: request.origin, fetchSite: request.fetchSite
    ).map { "\($0.message)\n" }
  }

  private static func response(_ status: HTTPResponse.Status, _ file: File) -> EndpointResponse {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    fields[.contentType] = file.mediaType
    return EndpointResponse(status: status, headerFields: fields, body: file.bytes)
  }
}
