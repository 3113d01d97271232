internal import AblyService
internal import AblyTokens

extension Console {
  /// The console of a local service. What is live in it comes from the service's `/admin`, where that is open.
  static func pages(
    isAdministered: Bool
  ) -> @Sendable (ServiceRequest) -> ServiceResponse? {
    { request in
      guard request.path.hasPrefix(path), ["GET", "HEAD"].contains(request.method) else { return nil }
      if request.path == sitePath {
        return ServiceResponse(
          200, ["site": "local", "isAdministered": .bool(isAdministered)], headers: headers)
      }
      guard let file = file(at: request.path) else { return nil }
      var response = ServiceResponse(200, .null, headers: headers)
      response.text = (String(decoding: file.bytes, as: UTF8.self), file.mediaType)
      return response
    }
  }
}
