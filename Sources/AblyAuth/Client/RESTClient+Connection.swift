internal import HTTPTypes

extension RESTClient {
  /// Where the service is, and where instead (REC1, REC2).
  package var endpoint: Endpoint { sender.endpoint }

  /// Requests go first where the connection stands, as long as it does (RTN17e).
  package func prefer(_ origin: Origin?) { sender.prefer(origin) }

  /// Whether there is a network at all (RTN17j): a host that does nothing else says so.
  package func hasNetwork(asking address: String) async -> Bool {
    guard let scheme = address.split(separator: ":", maxSplits: 1).first else { return false }
    let rest = address.dropFirst(scheme.count + 1)
    guard rest.hasPrefix("//") else { return false }
    let authority = rest.dropFirst(2).prefix { $0 != "/" }
    guard let origin = Origin(scheme: scheme, authority: authority) else { return false }
    let path = rest.dropFirst(2 + authority.count)
    let request = HTTPRequest(
      method: .get, scheme: origin.scheme, authority: origin.authority,
      path: path.isEmpty ? "/" : String(path))
    let limits = HTTPLimits(timeout: sender.timeout, maximumBodySize: 4096)
    guard let reply = try? await sender.transport.send(request, body: [], limits: limits) else {
      return false
    }
    return (200..<300).contains(reply.response.status.code)
      && String(decoding: reply.body, as: UTF8.self).contains("yes")
  }
}
