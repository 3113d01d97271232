internal import AblyTokens

extension Capability {
  /// The most pairs of patterns that are compared for one token. What two capabilities have in common takes a
  /// comparison of each pattern with each, which a peer must not get to choose without bounds.
  private static let maximumPairs = 4096

  /// The longest capability text, in bytes.
  static let maximumTextBytes = 32 * 1024

  /// A capability that somebody asks for, or states.
  ///
  /// - Throws: 40000 for a text that the service refuses, and for one of more than 32 KiB.
  static func asked(_ text: String) throws(ErrorInfo) -> Capability {
    guard text.utf8.count <= maximumTextBytes else {
      throw tooLarge("it has more than \(maximumTextBytes) bytes")
    }
    return try Capability(strict: text)
  }

  /// What of it is a key's to give. Whatever the key's size, that is there for the key's own capability, and for
  /// any part of it.
  ///
  /// - Throws: 40000 for more patterns than can be compared with the key's.
  func granted(by key: Capability) throws(ErrorInfo) -> Capability {
    guard let granted = intersection(key, comparing: Self.maximumPairs) else {
      throw Self.tooLarge("it has \(ruleCount) resources, and the key's capability \(key.ruleCount)")
    }
    return granted
  }

  /// What is left of the capability of a token that was issued, which was compared then. Where the key is another
  /// one by now, and too many patterns would have to be compared, those that cross go.
  func left(by key: Capability) -> Capability {
    intersection(key, comparing: Self.maximumPairs) ?? withoutCrossing(key)
  }

  private static func tooLarge(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .badRequest, "the capability is too large: \(why)", statusCode: 400,
      remedy: "Ask for fewer resources; use patterns such as 'chat:*'.")
  }
}
