internal import AblyTokens

/// Remembers what the latest texts came to under one key: the tokens of an app have few different ones, and
/// reading one takes longer than opening its token.
final class GrantMemory: Sendable {
  private let key: Capability
  private let grants = RecentTexts<Grant>(maximumCount: 256)

  init(of key: Capability) { self.key = key }

  /// How many there are.
  var count: Int { grants.count }

  /// What is left of a token that was issued.
  ///
  /// - Throws: what ``Grant/init(issued:by:)`` does.
  func left(of issued: String) throws(ErrorInfo) -> Grant {
    // What can be asked for comes to the same, and is remembered.
    if let grant = try? grant(issued) { return grant }
    return try Grant(issued: issued, by: key)
  }

  /// - Throws: what ``Grant/init(_:by:)`` does, each time anew.
  func grant(_ text: String) throws(ErrorInfo) -> Grant {
    if let grant = grants.recall(text) { return grant }
    let grant = try Grant(text, by: key)
    grants.remember(text, grant)
    return grant
  }
}
