internal import AblyTokens

extension JSONValue {
  /// The member `name` as names and texts; a number or truth value is taken as its text.
  ///
  /// - Parameter unfit: the error for a member that is not of such a kind.
  /// - Throws: what `unfit` makes.
  func texts(
    _ name: String, unfit: (_ member: String, _ kind: String) -> ErrorInfo
  ) throws(ErrorInfo) -> [String: String] {
    guard let value = self[name] else { return [:] }
    guard let members = value.object else { throw unfit(name, "an object") }
    var texts: [String: String] = [:]
    for (member, value) in members {
      switch value {
      case .string(let text): texts[member] = text
      case .number, .bool: texts[member] = value.text
      case .null, .array, .object:
        throw unfit("\(name).\(PeerText.line(member, maximumCount: 64))", "a text or a number")
      }
    }
    return texts
  }
}
