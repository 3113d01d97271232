internal import AblyTokens

extension ErrorInfo {
  /// The error as a line tells it: as Ably writes it, and the first thing to do about it in the words of this tool.
  var told: JSONValue {
    guard case .object(var members) = json else { return json }
    members["remedy"] = Terminal.remedy(for: self).map(JSONValue.string)
    return .object(members)
  }
}
