internal import AblyTokens

extension Capability {
  /// The most pairs of rules that are compared for one token. What two capabilities have in common takes a
  /// comparison of each rule with each, which a peer must not get to choose without bounds.
  private static let maximumPairs = 4096

  /// The longest capability text, in bytes.
  static let maximumTextBytes = 32 * 1024

  /// A capability that somebody asks for, or states, as far as it can be compared with a key's.
  ///
  /// - Throws: 40000 for a text that the service refuses, for one of more than 32 KiB, and for more rules than
  ///   can be compared with the key's.
  static func asked(_ text: String, of key: Capability) throws(ErrorInfo) -> Capability {
    guard text.utf8.count <= maximumTextBytes else {
      throw tooLarge("it has more than \(maximumTextBytes) bytes")
    }
    let asked = try Capability(strict: text)
    // What is the key's own needs no comparing, however much it is.
    guard asked != key else { return key }
    guard asked.ruleCount * key.ruleCount <= maximumPairs else {
      throw tooLarge("it has \(asked.ruleCount) resources, and the key's capability \(key.ruleCount)")
    }
    return asked
  }

  /// Looks whether a token of a capability that was granted can be narrowed again when it is used.
  ///
  /// - Throws: 40000 for more rules than can be compared with the key's.
  func checkUse(under key: Capability) throws(ErrorInfo) {
    guard self == key || ruleCount * key.ruleCount <= Self.maximumPairs else {
      throw Self.tooLarge(
        "what the key gives of it has \(ruleCount) resources, and the key's \(key.ruleCount)")
    }
  }

  private static func tooLarge(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .badRequest, "the capability is too large: \(why)", statusCode: 400,
      remedy: "Ask for fewer resources; use patterns such as 'chat:*'.")
  }
}
