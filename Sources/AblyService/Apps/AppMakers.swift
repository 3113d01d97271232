/// Who may make apps by `POST /apps`, for which no credentials are asked.
public enum AppMakers: String, Sendable, Hashable, CaseIterable {
  /// Whoever is on this very machine.
  case loopback
  /// Whoever can connect.
  case anybody
  /// Nobody.
  case nobody

  func include(_ peer: ServiceRequest.Peer) -> Bool {
    switch self {
    case .loopback: peer.isLoopback
    case .anybody: true
    case .nobody: false
    }
  }
}
