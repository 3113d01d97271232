package import AblyTokens

extension ErrorInfo {
  /// The error for a request that got no answer: 50003 when it took too long, 40033 when it was cancelled,
  /// 40013 for an answer beyond its limit, 80000 when the host could not be reached or hung up. Its status is
  /// 0, for there was none.
  package init(_ failure: HTTPFailure, from origin: Origin, limits: HTTPLimits) {
    let host = origin.authority
    // That nothing listens, or that nobody knows the name, says all there is to say.
    let isPlain = failure.detail.isEmpty || [.refused, .unresolved].contains(failure.reason)
    let because = isPlain ? "" : ": \(failure.detail)"
    switch failure.reason {
    case .cancelled: self = .cancelled
    case .timedOut:
      self.init(.timeout, "no answer from \(host) within \(limits.timeout)\(because)", statusCode: 0)
    case .tooLarge:
      self.init(
        .invalidDataOrEncoding, "the answer of \(host) is larger than \(limits.maximumBodySize) bytes",
        statusCode: 0, remedy: "Ask for less at once, for instance with a smaller limit.")
    case .invalidRequest:
      self.init(.internalError, "a request to \(host) could not be made\(because)", statusCode: 0)
    default:
      // Which port was asked is the point where nothing listens, and on this machine, where many do.
      let isPortTold = failure.reason == .refused || origin.isLoopback
      let place = isPortTold ? origin.hostWithPort : host
      self.init(
        .connectionFailed, "\(failure.reason.sentence(place))\(because)", statusCode: 0,
        remedy: failure.reason.remedy(at: origin))
    }
  }
}

extension HTTPFailure.Reason {
  fileprivate func sentence(_ host: String) -> String {
    switch self {
    case .unresolved: "the host \(host) is not known"
    case .refused: "nothing listens at \(host)"
    case .untrusted: "the certificate of \(host) is not trusted here"
    case .tls: "the TLS connection with \(host) failed"
    case .broken: "\(host) ended the connection before its answer"
    case .malformed: "\(host) does not answer in HTTP"
    default: "\(host) cannot be reached"
    }
  }

  fileprivate func remedy(at origin: Origin) -> String {
    switch self {
    case .unresolved: "Check ClientOptions.endpoint, and whether this machine can resolve names."
    case .refused where origin.isSecure:
      "Check tlsPort in ClientOptions, and whether the service runs; for one without TLS turn tls off and set port."
    case .refused: "Check the port in ClientOptions, and whether the service runs."
    case .untrusted:
      (origin.isLoopback ? "If the service there has no TLS, turn tls off and set port. " : "")
        + """
        Have this machine trust the authority that signed it (on Debian and Ubuntu: put the authority's certificate \
        into /usr/local/share/ca-certificates as a .crt file, and run update-ca-certificates), or give the client a \
        transport that trusts it. One that has expired, or is for another name, has to be replaced on the host.
        """
    case .tls: "Check that tlsPort is a port with TLS; for one without TLS turn tls off and set port."
    case .broken: "Try again. What the request should change may have been changed."
    case .malformed: "Check the port in ClientOptions, and tls: a port with TLS does not speak plain HTTP."
    default: "Check the network of this machine, then try again."
    }
  }
}
