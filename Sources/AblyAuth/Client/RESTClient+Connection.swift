internal import HTTPTypes

extension RESTClient {
  /// Where the service is, and where instead (REC1, REC2).
  package var endpoint: Endpoint { sender.endpoint }

  /// Requests go first where the connection stands, as long as it does (RTN17e).
  package func prefer(_ origin: Origin?) { sender.prefer(origin) }

  /// Whether there is a network at all (RTN17j): a host that does nothing else says so.
  ///
  /// - Parameter address: where that is; options that a client is made of hold none but web addresses.
  package func hasNetwork(asking address: String) async -> Bool {
    guard let url = AuthURL(parsing: address) else { return false }
    let request = HTTPRequest(
      method: .get, scheme: url.origin.scheme, authority: url.origin.authority, path: url.target.text)
    let limits = HTTPLimits(timeout: sender.timeout, maximumBodySize: 4096)
    guard let reply = try? await sender.transport.send(request, body: [], limits: limits) else {
      return false
    }
    return (200..<300).contains(reply.response.status.code)
      && String(decoding: reply.body, as: UTF8.self).contains("yes")
  }
}
