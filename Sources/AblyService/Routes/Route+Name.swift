extension Route {
  /// What a path is about, in one word, told by its form alone: a few words for all the paths that peers may
  /// think of. `other` where it leads nowhere.
  static func name(of path: Substring) -> String {
    var parts = PathParts(path)
    let (first, second) = (word(parts.next()), parts.next())
    let (third, fourth) = (word(parts.next()), word(parts.next()))
    guard parts.next() == nil else { return "other" }
    switch (first, second != nil, third, fourth) {
    case ("time"?, false, nil, nil), ("health"?, false, nil, nil), ("ready"?, false, nil, nil),
      ("metrics"?, false, nil, nil), ("stats"?, false, nil, nil), ("apps"?, _, nil, nil):
      return first ?? "other"
    case ("keys"?, true, "requestToken"?, nil), ("keys"?, true, "revokeTokens"?, nil),
      ("channels"?, true, "messages"?, nil), ("channels"?, true, "history"?, nil):
      return third ?? "other"
    case ("channels"?, true, nil, nil): return "channel"
    case ("channels"?, true, "presence"?, nil), ("channels"?, true, "presence"?, "history"?):
      return "presence"
    default: return "other"
    }
  }

  // So short that no memory is taken for it; what is longer than any word is none.
  private static func word(_ part: Substring.UTF8View?) -> String? {
    part.map { $0.count <= 15 ? String(Substring($0)) : "" }
  }
}
