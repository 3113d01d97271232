internal import Synchronization

/// Bytes that nobody can guess, and nobody gets twice.
package enum RandomBytes {
  private static let block = Locked(EntropyBlock())

  /// So many, 256 at most.
  package static func next(_ count: Int) -> [UInt8] {
    block.withLock { block in block.withBytes(count) { Array($0) } }
  }
}
