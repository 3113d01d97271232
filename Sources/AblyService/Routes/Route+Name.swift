extension Route {
  /// What it is about, in one word: a few words for all the paths that peers may think of.
  var name: String {
    switch self {
    case .time: "time"
    case .health: "health"
    case .ready: "ready"
    case .metrics: "metrics"
    case .stats: "stats"
    case .requestToken: "requestToken"
    case .revokeTokens: "revokeTokens"
    case .apps, .app: "apps"
    case .channel: "channel"
    case .presence: "presence"
    case .messages(_, let name): name
    }
  }
}
