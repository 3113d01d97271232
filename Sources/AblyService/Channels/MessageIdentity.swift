internal import AblyTokens

/// A message as its publisher knows it, by its bytes: two spellings of an id, or of who publishes, are two.
struct MessageIdentity: Sendable {
  let id: String
  /// Whose it is: the same id of somebody else is another message.
  let publisher: String
  /// Of both; made once, since it is asked for when a message comes, when it is kept and when it goes.
  let hash: Int

  init(id: String, publisher: String = "") {
    self.id = id
    self.publisher = publisher
    var hasher = Hasher()
    hasher.combine(bytesOf: id)
    // No text holds this byte, so that none of the one becomes a part of the other.
    hasher.combine(UInt8.max)
    hasher.combine(bytesOf: publisher)
    hash = hasher.finalize()
  }

  func isSpelt(as other: MessageIdentity) -> Bool {
    id.isSpelt(as: other.id) && publisher.isSpelt(as: other.publisher)
  }
}
