public import AblyTokens
internal import HTTPTypes

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Callers that a proxy in front has authenticated, and names in a header field.
///
/// The field counts only on connections from stated addresses, so that nobody else can set it. The address is the
/// connection's own, never one that a header names.
public struct GatewayCallers: CallerVerifier {
  private let header: HTTPField.Name
  private let networks: [Network]

  /// - Parameters:
  ///   - header: the field that names the caller. The proxy has to remove it from what clients send.
  ///   - networks: where the proxy connects from, such as `10.0.0.0/8`.
  /// - Throws: 40003 for a name that no header field can have, or without any network.
  public init(header: String, from networks: [Network]) throws(ErrorInfo) {
    guard let name = HTTPField.Name(header) else {
      throw ErrorInfo(.invalidParameterValue, "a header field cannot have this name")
    }
    guard !networks.isEmpty else {
      throw ErrorInfo(
        .invalidParameterValue, "no address is trusted to name a caller",
        remedy: "State where the gateway connects from, such as 127.0.0.1/32.")
    }
    self.header = name
    self.networks = networks
  }

  /// Whom the gateway names.
  public func caller(of request: EndpointRequest, at now: Date) async throws(ErrorInfo) -> Caller? {
    try named(in: request)
  }

  /// Whom the gateway names.
  public func promptCaller(of request: EndpointRequest, at now: Date) throws(ErrorInfo) -> Promptly<Caller?> {
    .now(try named(in: request))
  }

  private func named(in request: EndpointRequest) throws(ErrorInfo) -> Caller? {
    guard let peer = request.peer, networks.contains(where: { $0.contains(peer) }) else { return nil }
    let values = request.headerFields[values: header]
    guard let name = values.first, !name.isEmpty else { return nil }
    guard values.count == 1 else {
      // One may be the client's own.
      throw ErrorInfo(.badRequest, "the request names its caller more than once", statusCode: 400)
    }
    return Caller(subject: name, way: "gateway")
  }
}
