internal import AblyTokens

extension Capability {
  /// The most pairs of rules that are compared for one token. What two capabilities have in common takes a
  /// comparison of each rule with each, which a peer must not get to choose without bounds.
  private static let maximumPairs = 4096

  /// The longest capability text, in bytes.
  static let maximumTextBytes = 32 * 1024

  /// What of a capability that somebody asks for, or states, is a key's to give.
  ///
  /// - Throws: 40000 for a text that the service refuses, for one of more than 32 KiB, and for more rules than
  ///   can be compared with the key's.
  static func granted(_ text: String, by key: Capability) throws(ErrorInfo) -> Capability {
    guard text.utf8.count <= maximumTextBytes else {
      throw tooLarge("it has more than \(maximumTextBytes) bytes")
    }
    let asked = try Capability(strict: text)
    guard asked.ruleCount * key.ruleCount <= maximumPairs else {
      throw tooLarge("it has \(asked.ruleCount) resources, and the key's capability \(key.ruleCount)")
    }
    return asked.intersection(key)
  }

  private static func tooLarge(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .badRequest, "the capability is too large: \(why)", statusCode: 400,
      remedy: "Ask for fewer resources; use patterns such as 'chat:*'.")
  }
}
