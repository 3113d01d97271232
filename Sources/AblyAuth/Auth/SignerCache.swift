internal import AblyTokens
internal import Synchronization

/// Keeps the prepared signers of a few keys, that of the key that was used last in front: preparing one costs more
/// than a signature.
final class SignerCache: Sendable {
  private static let capacity = 4

  private let recent = Locked<[(key: APIKey, signer: TokenRequestSigner)]>([])

  func signer(for key: APIKey) -> TokenRequestSigner {
    recent.withLock { recent in
      if let index = recent.firstIndex(where: { $0.key == key }) {
        if index > 0 { recent.swapAt(0, index) }
        return recent[0].signer
      }
      let signer = TokenRequestSigner(key: key)
      if recent.count == Self.capacity { recent.removeLast() }
      recent.insert((key, signer), at: 0)
      return signer
    }
  }
}
