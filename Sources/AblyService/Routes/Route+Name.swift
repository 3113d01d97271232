extension Route {
  /// What a path is about, in one word, told by its form alone: a few words for all the paths that peers may
  /// think of. `other` where it leads nowhere.
  static func name(of path: Substring) -> String {
    let parts = path.utf8.split(
      separator: UInt8(ascii: "/"), maxSplits: 5, omittingEmptySubsequences: false)
    func isPart(_ index: Int, _ word: StaticString) -> Bool {
      word.withUTF8Buffer { parts[index].elementsEqual($0) }
    }
    guard parts.count > 1, parts[0].isEmpty else { return "other" }
    switch parts.count {
    case 2 where isPart(1, "time"): return "time"
    case 2 where isPart(1, "health"): return "health"
    case 2 where isPart(1, "ready"): return "ready"
    case 2 where isPart(1, "metrics"): return "metrics"
    case 2 where isPart(1, "stats"): return "stats"
    case 2 where isPart(1, "apps"), 3 where isPart(1, "apps"): return "apps"
    case 4 where isPart(1, "keys") && isPart(3, "requestToken"): return "requestToken"
    case 4 where isPart(1, "keys") && isPart(3, "revokeTokens"): return "revokeTokens"
    case 3 where isPart(1, "channels"): return "channel"
    case 4 where isPart(1, "channels") && isPart(3, "messages"): return "messages"
    case 4 where isPart(1, "channels") && isPart(3, "history"): return "history"
    case 4 where isPart(1, "channels") && isPart(3, "presence"),
      5 where isPart(1, "channels") && isPart(3, "presence") && isPart(4, "history"):
      return "presence"
    default: return "other"
    }
  }
}
