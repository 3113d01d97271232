/// Moments at which something about a connection is due, the earliest first.
///
/// A moment that has moved to a later time stays where it was: whoever takes it out looks whether anything is
/// due, and puts it back.
struct DeadlineQueue: Sendable {
  struct Entry: Sendable {
    let time: Int64
    let connectionId: String
  }

  private var heap: [Entry] = []

  var first: Int64? { heap.first?.time }

  var count: Int { heap.count }

  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child].time < heap[(child - 1) / 2].time {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes out the earliest entry that is due.
  mutating func take(dueAt now: Int64) -> Entry? {
    guard let first = heap.first, first.time <= now else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    sink()
    return first
  }

  private mutating func sink() {
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { return }
      let right = left + 1
      let child = right < heap.count && heap[right].time < heap[left].time ? right : left
      guard heap[child].time < heap[parent].time else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
