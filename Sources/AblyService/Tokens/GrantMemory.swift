internal import AblyTokens
internal import Synchronization

/// Remembers what the latest texts came to under one key: the tokens of an app have few different ones, and
/// reading one takes longer than opening its token.
final class GrantMemory: Sendable {
  private static let maximumCount = 256
  private static let maximumTextBytes = 1024

  private let key: Capability

  // By the bytes: two spellings of a character are equal as texts, and different channels.
  private let grants = Locked<[[UInt8]: Grant]>([:])

  init(of key: Capability) { self.key = key }

  /// How many there are.
  var count: Int { grants.withLock(\.count) }

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
    let bytes = Array(text.utf8)
    if let grant = grants.withLock({ $0[bytes] }) { return grant }
    let grant = try Grant(text, by: key)
    guard bytes.count <= Self.maximumTextBytes else { return grant }
    grants.withLock { grants in
      if grants.count >= Self.maximumCount { grants.removeAll(keepingCapacity: true) }
      grants[bytes] = grant
    }
    return grant
  }
}
