internal import AblyTokens

/// The members of a fault rule, or of a part of one. What is wrong with them is told by where it stands, what stands
/// there, and what may.
struct FaultMembers {
  /// Where they stand, such as `rules[1].match`.
  let place: String

  private let members: [String: JSONValue]

  /// - Throws: 40000 for what is no object.
  init(_ json: JSONValue, at place: String) throws(ErrorInfo) {
    guard let members = json.object else {
      throw FaultRule.invalid("\(place) is \(Self.shown(json)), and has to be an object")
    }
    self.place = place
    self.members = members
  }

  /// A member; `nil` where it is absent or null.
  subscript(name: String) -> JSONValue? {
    guard let value = members[name], value != .null else { return nil }
    return value
  }

  /// A slip in a member's name would make a rule that meets more than was meant.
  ///
  /// - Throws: 40000 for a member of another name.
  func refuseOthers(than names: Set<String>) throws(ErrorInfo) {
    guard let other = members.keys.filter({ !names.contains($0) }).min() else { return }
    throw FaultRule.invalid(
      "\(place) has no member '\(PeerText.line(other, maximumCount: 64))': it may have "
        + names.sorted().joined(separator: ", "))
  }

  /// The member `type`, one of those that are known.
  ///
  /// - Parameters:
  ///   - known: the members that go with each type.
  ///   - others: members that go with any.
  /// - Throws: 40000 for another type, and for a member that does not go with it.
  func type(of known: [String: Set<String>], besides others: Set<String> = []) throws(ErrorInfo) -> String {
    guard let type = self["type"]?.string, let names = known[type] else {
      throw unfit("type", "one of \(known.keys.sorted().joined(separator: ", "))")
    }
    try refuseOthers(than: names.union(others).union(["type"]))
    return type
  }

  func text(_ name: String, _ kind: String = "a text") throws(ErrorInfo) -> String? {
    guard let value = self[name] else { return nil }
    guard let text = value.string else { throw unfit(name, kind) }
    return text
  }

  /// - Throws: 40000 for what is no object, or one with another value than a text.
  func texts(_ name: String) throws(ErrorInfo) -> [String: String] {
    guard let value = self[name] else { return [:] }
    guard let members = value.object else { throw unfit(name, "an object of texts") }
    var texts: [String: String] = [:]
    for (member, value) in members {
      guard let text = value.string else { throw unfit(name, "an object of texts") }
      texts[member] = text
    }
    return texts
  }

  /// - Throws: 40000 for what is no whole number in the range.
  func number(_ name: String, in range: ClosedRange<Int64>) throws(ErrorInfo) -> Int64? {
    guard let value = self[name] else { return nil }
    guard let number = value.number?.int64, range.contains(number) else {
      throw unfit(name, Self.bounds(range))
    }
    return number
  }

  func requiredNumber(_ name: String, in range: ClosedRange<Int64>) throws(ErrorInfo) -> Int64 {
    guard let number = try number(name, in: range) else {
      throw unfit(name, Self.bounds(range))
    }
    return number
  }

  private static func bounds(_ range: ClosedRange<Int64>) -> String {
    "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }

  /// - Throws: 40000 for what is no object, and where there is nothing.
  func requiredObject(_ name: String) throws(ErrorInfo) -> JSONValue {
    guard let value = self[name], value.object != nil else { throw unfit(name, "an object") }
    return value
  }

  /// What is said of a member that is not as it has to be.
  func unfit(_ name: String, _ kind: String) -> ErrorInfo {
    guard let value = self[name] else {
      return FaultRule.invalid("\(place).\(name) is missing, and has to be \(kind)")
    }
    // What stands in the place of a token may hold one.
    let shown = name == "token" ? "something else" : Self.shown(value)
    return FaultRule.invalid("\(place).\(name) is \(shown), and has to be \(kind)")
  }

  private static func shown(_ value: JSONValue) -> String { PeerText.line(value.text, maximumCount: 64) }
}
