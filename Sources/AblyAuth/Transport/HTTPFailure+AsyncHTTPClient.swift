internal import AblyTokens
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension HTTPFailure {
  /// Sorts what async-http-client and the layers below it throw.
  package init(_ error: any Error) {
    let reason = Self.reason(of: error)
    switch reason {
    case .tls: self.init(handshake: error)
    default: self.init(reason, PeerText.line(String(describing: error), maximumCount: 256))
    }
  }

  /// What became of a handshake. BoringSSL tells it by the name of a reason alone, and beside it where in its own
  /// source that stands, which helps nobody.
  private init(handshake error: any Error) {
    let text = String(describing: error)
    let name = text.firstRange(of: "OPENSSL_internal:")
      .map { text[$0.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } }
    if (error as? NIOSSLExtraError) == .failedToValidateHostname {
      self.init(.untrusted, "it is for another name")
      return
    }
    switch name {
    case "CERTIFICATE_VERIFY_FAILED": self.init(.untrusted, "")
    case "WRONG_VERSION_NUMBER", "HTTP_REQUEST": self.init(.tls, "it does not answer in TLS")
    case let name?: self.init(.tls, name.lowercased().split(separator: "_").joined(separator: " "))
    case nil where text.contains("CERTIFICATE_VERIFY_FAILED"): self.init(.untrusted, "")
    case nil: self.init(.tls, PeerText.line(text, maximumCount: 256))
    }
  }

  private static func reason(of error: any Error) -> Reason {
    switch error {
    case let error as HTTPClientError: reason(of: error)
    case let error as NIOConnectionError: reason(of: error)
    case let error as IOError: reason(ofErrno: error.errnoCode)
    case ChannelError.connectTimeout: .timedOut
    case is ResponseAccumulator.ResponseTooBigError: .tooLarge
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: .tls
    case HTTPParserError.invalidEOFState: .broken
    case is HTTPParserError: .malformed
    case is CancellationError: .cancelled
    default: networkFrameworkReason(of: error) ?? .broken
    }
  }

  private static func reason(of error: HTTPClientError) -> Reason {
    switch error {
    case .connectTimeout, .deadlineExceeded, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
      .getConnectionFromPoolTimeout:
      .timedOut
    case .cancelled: .cancelled
    default: .broken
    }
  }

  private static func reason(of error: NIOConnectionError) -> Reason {
    guard let last = error.connectionErrors.last else { return .unresolved }
    return reason(of: last.error)
  }

  private static func reason(ofErrno code: CInt) -> Reason {
    switch code {
    case ECONNREFUSED: .refused
    case ETIMEDOUT: .timedOut
    case EHOSTUNREACH, EHOSTDOWN, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL: .unreachable
    default: .broken
    }
  }

  private static func networkFrameworkReason(of error: any Error) -> Reason? {
    #if canImport(Network)
      switch error {
      case is HTTPClient.NWTLSError: return .tls
      case let error as HTTPClient.NWPOSIXError: return reason(ofErrno: error.errorCode.rawValue)
      default: return nil
      }
    #else
      return nil
    #endif
  }
}
