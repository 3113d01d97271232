/// The items of an ``Outbox``, the first that was put in the first to be taken out.
///
/// An empty one takes next to no memory, however full it was.
struct OutboxQueue: Sendable {
  private var items: [Outbox.Item?] = []
  private var start = 0

  /// How many frames wait.
  private(set) var frames = 0

  /// What they take in memory, roughly.
  private(set) var bytes = 0

  private static let smallCapacity = 8

  var isEmpty: Bool { items.isEmpty }

  mutating func append(_ item: Outbox.Item) {
    items.append(item)
    guard case .frame(let frame) = item else { return }
    frames += 1
    bytes += frame.weight
  }

  mutating func popFirst() -> Outbox.Item? {
    guard start < items.count, let item = items[start] else { return nil }
    items[start] = nil
    start += 1
    if start == items.count {
      items.removeAll(keepingCapacity: items.capacity <= Self.smallCapacity)
      start = 0
    } else if start > items.count / 2, start > Self.smallCapacity {
      items.removeFirst(start)
      start = 0
    }
    if case .frame(let frame) = item {
      frames -= 1
      bytes -= frame.weight
    }
    return item
  }
}
