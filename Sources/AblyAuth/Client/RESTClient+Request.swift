public import AblyTokens
internal import AblyWire
internal import HTTPTypes

extension RESTClient {
  /// Sends a request of your own to the service's HTTP interface (RSC19), with the client's credentials,
  /// renewal, fallback hosts, format and paging.
  ///
  /// A refusal is no error here: see ``HTTPPaginatedResponse/success`` and what stands beside it.
  ///
  /// - Parameters:
  ///   - method: a verb such as `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
  ///   - path: the path, percent-encoded, with or without the first `/`; it may have a query.
  ///   - version: the version of the protocol that the service is to go by (RSC19f1); 6, which the library speaks,
  ///     where it is absent.
  ///   - params: what to add to the query.
  ///   - body: what to send.
  ///   - headers: header fields to add. `Authorization` among them is ignored (RSC19b).
  /// - Throws: 40003 for a verb, a path or header fields that HTTP cannot carry; 40009 for a body larger than
  ///   ``ClientOptions/maxFrameSize``; 50003 when the service does
  ///   not answer in time, 80000 when it cannot be reached, 40013 when its answer cannot be read (RSC19e);
  ///   what ``Auth/requestToken(_:options:)`` throws where a token is needed.
  public func request(
    _ method: String, _ path: String, version: Int? = nil, params: [String: String] = [:],
    body: JSONValue? = nil, headers: [String: String] = [:]
  ) async throws(ErrorInfo) -> HTTPPaginatedResponse {
    var call = try Self.call(method, path, params)
    call.fields = try HTTPFields(own: headers)
    call.fields.set("X-Ably-Version", String(version ?? Agent.protocolVersion))
    call.fields[.authorization] = nil
    if let body {
      call.body = sender.format.encode(body)
      call.bodyFormat = sender.format
      guard call.body.count <= maxFrameSize else {
        throw ErrorInfo(
          .maxMessageSizeExceeded, "a body of \(call.body.count) bytes is more than one request may send",
          remedy: "Send at most \(maxFrameSize) bytes at once, or raise ClientOptions.maxFrameSize.")
      }
    }
    return try await response(to: call)
  }

  /// Looks whether HTTP can carry a request of one's own.
  ///
  /// - Throws: 40003 for a verb or a path that it cannot.
  package static func checkRequest(_ method: String, _ path: String) throws(ErrorInfo) {
    _ = try call(method, path, [:])
  }

  private static func call(
    _ method: String, _ path: String, _ params: [String: String]
  ) throws(ErrorInfo) -> RESTCall {
    guard let verb = HTTPRequest.Method(method) else {
      throw ErrorInfo(
        .invalidParameterValue, "the method is not a verb of HTTP",
        remedy: "Give one such as GET or POST.")
    }
    return RESTCall(
      method: verb, target: try RequestTarget(own: path, params: params), maximumAnswer: RESTCall.pageAnswer)
  }

  private func response(to call: RESTCall) async throws(ErrorInfo) -> HTTPPaginatedResponse {
    let identified = sender.identified(call)
    let reply = try await reply(to: identified)
    let fields = reply.response.headerFields
    let status = reply.response.status.code
    let isRefused = !(200..<300).contains(status)
    let answer: RESTAnswer? = isRefused ? nil : try sender.read(reply, to: identified)
    let error =
      isRefused ? ErrorInfo(refusal: reply, to: call, format: sender.format).preferring(fields) : nil
    return HTTPPaginatedResponse(
      items: answer?.items ?? [], statusCode: status, error: error, headers: fields,
      links: PageLinks(fields, of: call.target, at: sender.endpoint.primary)
    ) { page throws(ErrorInfo) in
      // A page is read: what the request changed is not to be changed again.
      var next = call
      next.method = .get
      next.body = []
      next.target = try page.get()
      return try await self.response(to: next)
    }
  }
}

extension RESTAnswer {
  /// The elements of an array, or the one value that came, or nothing (HP3).
  fileprivate var items: [JSONValue] {
    switch body {
    case .null: []
    case .array(let elements): elements
    default: [body]
    }
  }
}

extension RequestTarget {
  /// A path that a caller wrote.
  fileprivate init(own path: String, params: [String: String]) throws(ErrorInfo) {
    guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
      throw ErrorInfo(
        .invalidParameterValue, "the path holds what no path may",
        remedy: "Percent-encode each segment: a space is %20.")
    }
    let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let queries = [
      parts.count > 1 ? String(parts[1]) : "",
      PercentEncoding.form(params.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }),
    ].filter { !$0.isEmpty }
    self.init(
      path: path.hasPrefix("/") ? String(parts[0]) : "/\(parts.first ?? "")",
      query: queries.isEmpty ? nil : queries.joined(separator: "&"))
  }
}
