internal import Synchronization

/// Makes nonces: 96 random bits, spelt as 16 characters of base64url, which is what RSA9c asks for.
final class NonceSource: Sendable {
  private let block = Locked(EntropyBlock())

  func next() -> NonceText {
    block.withLock { block in block.withBytes(NonceText.randomCount, NonceText.init(of:)) }
  }
}
