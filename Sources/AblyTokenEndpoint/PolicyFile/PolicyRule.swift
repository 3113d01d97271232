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

  private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)):
      if let left = left.int64, let right = right.int64 { left == right } else { left.double == right.double }
    // Byte for byte: `String` also takes two spellings of é for one.
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.bool(let left), .bool(let right)): left == right
    default: false
    }
  }

  /// Whether it takes every caller that `later` could take.
  func shadows(_ later: PolicyRule) -> Bool {
    conditions.allSatisfy { name, value in later.conditions[name].map { Self.equal($0, value) } == true }
  }
}
