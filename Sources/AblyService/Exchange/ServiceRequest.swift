internal import AblyTokens
package import AblyWire

/// One request as the core sees it: values only, whatever brought them.
package struct ServiceRequest: Sendable {
  package var method: String

  /// The path and query as they stood in the request line, still percent-encoded.
  package let target: String

  /// What it is about; `nil` where its path leads nowhere. Read once, for whoever has to do with the request.
  let route: Route?

  package var headers: HeaderFields

  package var body: [UInt8]

  package var peer: Peer

  /// How deep arrays and objects of the body may lie in each other.
  package var maximumDepth = 64

  /// What is known about the other end of the connection.
  package struct Peer: Sendable {
    /// Whether it is this very machine, and not a proxy on it.
    package var isLoopback: Bool

    /// Whether the connection is encrypted.
    package var isSecure: Bool

    package init(isLoopback: Bool, isSecure: Bool) {
      self.isLoopback = isLoopback
      self.isSecure = isSecure
    }

    /// Who asks by a proxy on this machine: not this machine itself, and over TLS if the proxy says so.
    fileprivate init(behindProxy proxy: Peer, _ headers: HeaderFields) {
      isLoopback = false
      isSecure = proxy.isSecure || headers["x-forwarded-proto"]?.lowercased() == "https"
    }

    /// Whether nobody on the way can read an API key.
    var isPrivate: Bool { isLoopback || isSecure }
  }

  package init(
    _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = [],
    peer: Peer = Peer(isLoopback: true, isSecure: false)
  ) {
    self.init(method, target, fields: HeaderFields(headers), body: body, peer: peer)
  }

  package init(
    _ method: String, _ target: String, fields headers: HeaderFields, body: [UInt8] = [], peer: Peer
  ) {
    self.method = method
    self.target = target
    route = try? Route(path: Self.path(of: target))
    self.headers = headers
    self.body = body
    self.peer = peer.isLoopback && headers.areForwarded ? Peer(behindProxy: peer, headers) : peer
  }

  /// What is asked for. HEAD is answered as GET is, and whatever brought it leaves the body out of the answer.
  var verb: String { method == "HEAD" ? "GET" : method }

  package var path: Substring { Self.path(of: target) }

  private static func path(of target: String) -> Substring {
    target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
  }

  /// What it is about.
  ///
  /// - Throws: what ``Route/init(path:)`` does.
  func destination() throws(ErrorInfo) -> Route {
    if let route { return route }
    return try Route(path: path)
  }

  /// The query's parameters. Of a name that is repeated the first counts.
  ///
  /// - Throws: 40000 for a percent-encoding that gives no text.
  func query() throws(ErrorInfo) -> [String: String] {
    var parameters: [String: String] = [:]
    let query = Substring(target.utf8[path.endIndex...].dropFirst())
    for pair in query.split(separator: "&") {
      let name = pair.prefix { $0 != "=" }
      let value = pair.dropFirst(name.count + 1)
      guard let name = PercentEncoding.decodeForm(name), let value = PercentEncoding.decodeForm(value) else {
        throw ErrorInfo(.badRequest, "the query holds a percent-encoding that gives no text")
      }
      if parameters[name] == nil { parameters[name] = value }
    }
    return parameters
  }

  /// The body as JSON, whatever it travelled in.
  ///
  /// - Throws: 40001 with status 415 for a body that says it is neither JSON nor MessagePack, 40000 for one
  ///   that is not what it says.
  func json() throws(ErrorInfo) -> JSONValue {
    let type = headers["content-type"]?.prefix { $0 != ";" }.trimmingSpaces.lowercased()
    guard let format = type.map({ WireFormat(mediaType: $0) }) ?? .json else {
      throw ErrorInfo(
        .invalidRequestBody,
        "this service reads JSON and MessagePack, and the body's Content-Type is another",
        statusCode: 415, remedy: "Send application/json or application/x-msgpack.")
    }
    return try format.decode(body, maximumDepth: maximumDepth)
  }

  /// What the answer is to travel in: MessagePack where the client names that first.
  package var answerFormat: WireFormat {
    guard let accepted = headers["accept"] else { return .json }
    let wanted = accepted.split(separator: ",").lazy.compactMap { range in
      WireFormat(mediaType: range.prefix { $0 != ";" }.trimmingSpaces.lowercased())
    }
    return wanted.first ?? .json
  }
}

extension ServiceRequest: CustomStringConvertible, CustomReflectable {
  /// The method and the path: query, headers and body may hold credentials.
  package var description: String { "\(method) \(shownPath)" }

  /// The path for people to read. Whoever writes a whole key where its name belongs does not find it in a log.
  var shownPath: String {
    var parts = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    if parts.count > 2, PercentEncoding.decode(parts[1]) == "keys" {
      let name = parts[2].firstRange(of: /:|%3a/.ignoresCase()).map { parts[2][..<$0.lowerBound] + ":…" }
      if let name { parts[2] = Substring(name) }
    }
    return PeerText.line(parts.joined(separator: "/"), maximumCount: 256)
  }

  package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
