internal import AblyTokens

/// One rule of a policy.
struct PolicyRule: Sendable {
  /// What a rule does with a caller whom its conditions fit.
  enum Effect: Sendable {
    case deny(String)
    case grant(GrantTemplate)
  }

  /// Where it stands among the rules, from 1.
  let number: Int
  let line: Int?
  /// All must hold.
  let conditions: [String: JSONValue]
  /// Whether it has others that could not be read, which is a problem of its file.
  var hasUnreadConditions = false
  let effect: Effect

  /// What an audit record calls it.
  var name: String { "\(number)" }

  /// Whether a caller's claims fit: each equals its value, or is a list that contains it.
  func fits(_ claims: [String: JSONValue]) -> Bool {
    conditions.allSatisfy { name, value in
      switch claims[name] {
      case nil: false
      case .array(let listed): listed.contains { Self.equal($0, value) }
      case .some(let claim): Self.equal(claim, value)
      }
    }
  }

  /// An id is the same as a text and as a number: in YAML that is a matter of quotes, and a gateway's caller has
  /// texts alone.
  private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): equal(left, right)
    case (.string(let text), .number(let number)), (.number(let number), .string(let text)):
      same(text, number.literal) || same(text, ClaimText.plain(.number(number)) ?? "")
    case (.string(let left), .string(let right)): same(left, right)
    case (.bool(let left), .bool(let right)): left == right
    default: false
    }
  }

  private static func equal(_ left: JSONNumber, _ right: JSONNumber) -> Bool {
    if let left = left.int64, let right = right.int64 { return left == right }
    // Beyond this, different whole numbers are the same as `Double`.
    return left.literal == right.literal || left.double == right.double && abs(left.double) < 0x1p53
  }

  // Byte for byte: `String` also takes two spellings of é for one.
  private static func same(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

  /// Whether it takes every caller that `later` could take.
  func shadows(_ later: PolicyRule) -> Bool {
    !hasUnreadConditions
      && conditions.allSatisfy { name, value in later.conditions[name].map { Self.equal($0, value) } == true }
  }
}
