internal import AblyTokens
internal import Synchronization

/// Which lease of a log a node has.
final class NodeLease: Sendable {
  private let known = Locked<String?>(nil)

  /// Learns which it is.
  ///
  /// - Returns: whether it is another one than before: then others took the node for dead in between.
  func change(to lease: String) -> Bool {
    known.withLock { known in
      defer { known = lease }
      return known.map { $0 != lease } ?? false
    }
  }
}
