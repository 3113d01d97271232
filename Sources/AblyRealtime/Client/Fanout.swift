internal import AblyTokens
internal import Synchronization

/// Hands what comes on a channel to everybody who wants it, in order.
final class Fanout<Element: Sendable>: Sendable {
  private struct Room: Sendable {
    var readers: [Int: Unread<Element>] = [:]
    var lastId = 0
    var isFinished = false
  }

  private let room = Locked(Room())
  private let weight: @Sendable (Element) -> Int

  /// - Parameter weight: about how many bytes of memory an element takes while it waits for its reader.
  init(weight: @escaping @Sendable (Element) -> Int) { self.weight = weight }

  /// Everything that comes from now on, as far as it is wanted, until nobody holds it.
  ///
  /// - Parameter limit: how many may wait for their reader.
  func subscribe(
    limit: Int, wants: @escaping @Sendable (Element) -> Bool
  ) -> ChannelSequence<Element> {
    let unread = Unread(limit: limit, weight: weight, wants: wants)
    let id: Int? = room.withLock { room in
      guard !room.isFinished else { return nil }
      room.lastId += 1
      room.readers[room.lastId] = unread
      return room.lastId
    }
    guard let id else {
      unread.finish()
      return ChannelSequence { actor throws(ErrorInfo) in try await unread.next(isolation: actor) }
    }
    let place = Place(unread) { [weak self] in self?.remove(id) }
    return ChannelSequence { actor throws(ErrorInfo) in try await place.unread.next(isolation: actor) }
  }

  private func remove(_ id: Int) { room.withLock { _ = $0.readers.removeValue(forKey: id) } }

  func send(_ elements: [Element]) {
    let readers = room.withLock(\.readers)
    for (id, unread) in readers where !unread.add(elements) { remove(id) }
  }

  /// Ends all sequences, those that are asked for later too.
  func finish() {
    let readers = room.withLock { room in
      room.isFinished = true
      defer { room.readers = [:] }
      return room.readers
    }
    for unread in readers.values { unread.finish() }
  }
}

/// The place of a reader among others, given up when nobody holds it any more.
private final class Place<Element: Sendable>: Sendable {
  let unread: Unread<Element>
  private let giveUp: @Sendable () -> Void

  init(_ unread: Unread<Element>, _ giveUp: @escaping @Sendable () -> Void) {
    self.unread = unread
    self.giveUp = giveUp
  }

  deinit { giveUp() }
}
