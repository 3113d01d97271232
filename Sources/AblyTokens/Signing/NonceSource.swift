internal import Synchronization

/// Makes nonces: 128 random bits, spelt as 22 characters of base64url (RSA9c asks for 16 or more).
final class NonceSource: Sendable {
  private let block = Mutex(EntropyBlock())

  func next() -> NonceValue {
    block.withLock { block in block.withBytes(16) { NonceValue(copying: $0) } }
  }
}
