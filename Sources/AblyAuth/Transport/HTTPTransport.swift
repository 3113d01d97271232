public import HTTPTypes

/// What carries a client's requests.
///
/// The client decides, a transport only carries: it follows no redirect, repeats nothing, keeps no cookies,
/// and hands back whatever status the host answered with. A request holds credentials in its header fields,
/// so a transport logs neither those nor bodies.
public protocol HTTPTransport: Sendable {
  /// Sends one request and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - request: an absolute request: scheme, authority and path are there.
  ///   - body: its body; empty for none.
  ///   - limits: what the exchange may take. The transport keeps to them whatever the host does.
  /// - Throws: the reason why there is no answer. A cancelled task ends in `cancelled` without delay.
  func send(
    _ request: HTTPRequest, body: [UInt8], limits: HTTPLimits
  ) async throws(HTTPFailure) -> HTTPReply
}
