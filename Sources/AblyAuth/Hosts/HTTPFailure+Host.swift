extension HTTPFailure {
  /// Whether another host may do better than one that answers with this status (RSC15l3).
  package static func isOfHost(status: Int) -> Bool { (500...504).contains(status) }
}

extension HTTPFailure.Reason {
  /// Whether another host may do better (RSC15l1, RSC15l2).
  package var isOfHost: Bool {
    switch self {
    case .unresolved, .refused, .unreachable, .timedOut, .broken: true
    case .untrusted, .tls, .malformed, .tooLarge, .cancelled, .invalidRequest: false
    }
  }
}
