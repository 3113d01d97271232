internal import Synchronization

/// Words that nobody can guess, such as the masks of WebSocket frames.
package enum RandomWord {
  private static let block = Locked(EntropyBlock())

  /// 32 random bits.
  package static func next() -> UInt32 {
    block.withLock { block in block.withBytes(4) { $0.loadUnaligned(as: UInt32.self) } }
  }
}
