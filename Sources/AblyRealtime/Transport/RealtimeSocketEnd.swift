public import AblyAuth
internal import AblyTokens

/// Why there is no WebSocket, or no longer.
public enum RealtimeSocketEnd: Sendable, Hashable {
  /// The peer closed it, and gave this code where it gave one.
  case closed(code: Int?)

  /// The host answered the request for a WebSocket with this HTTP status.
  case refused(status: Int)

  /// It could not be opened, or broke.
  case failed(HTTPFailure)
}

extension RealtimeSocketEnd {
  /// Whether another host may do better (RTN17f, RSC15l).
  var isHostFailure: Bool {
    switch self {
    case .closed: true
    case .refused(let status): HTTPFailure.isOfHost(status: status)
    case .failed(let failure): failure.reason.isOfHost
    }
  }

  /// What it means for the connection.
  func error(at origin: Origin, maximumFrameSize: Int, openTimeout: Duration) -> ErrorInfo {
    switch self {
    case .closed(let code):
      ErrorInfo(
        .connectionDisconnected,
        "\(origin.authority) closed the connection" + (code.map { " with the code \($0)" } ?? ""),
        remedy: "Nothing: it is taken up again by itself.")
    case .refused(let status):
      ErrorInfo(
        .connectionFailed, "\(origin.authority) answered \(status) instead of opening a WebSocket",
        statusCode: status, remedy: "Check the endpoint and the port in ClientOptions: do they lead to Ably?")
    case .failed(let failure) where failure.reason == .tooLarge:
      ErrorInfo(
        .protocolError, "\(origin.authority) sent a frame of more than \(maximumFrameSize) bytes",
        remedy: "Nothing: the connection is made anew.")
    case .failed(let failure) where failure.reason == .malformed:
      ErrorInfo(
        .connectionFailed, "\(origin.authority) does not speak WebSocket\(failure.because)", statusCode: 0,
        remedy: "Check the port in ClientOptions, and tls: a port with TLS does not speak plain HTTP.")
    case .failed(let failure) where failure.reason == .broken:
      ErrorInfo(
        .connectionDisconnected, "the connection with \(origin.authority) broke\(failure.because)",
        remedy: "Nothing: it is taken up again by itself.")
    case .failed(let failure):
      ErrorInfo(
        failure, from: origin, limits: HTTPLimits(timeout: openTimeout, maximumBodySize: maximumFrameSize))
    }
  }
}

extension HTTPFailure {
  fileprivate var because: String { detail.isEmpty ? "" : ": \(detail)" }
}
