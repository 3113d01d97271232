internal import AblyWire

/// Answers to the frames of a connection, in the order of the frames: a client takes an answer to be one to all frames
/// before it, too.
struct AnswerQueue: Sendable {
  private struct Item {
    /// `nil` for an answer that was known at once.
    let ticket: UInt64?
    /// What of the frame waits for the log, in bytes, roughly.
    let weight: Int
    var answer: ProtocolMessage?
  }

  // A slice: what goes out leaves at its front, without moving the rest.
  private var items: ArraySlice<Item> = []
  private var weight = 0

  /// Whether so much waits that no further frame is to be read; until half of it has been answered.
  private(set) var isFull = false

  /// As many as the log takes at a time, so that a client alone does not wait for itself.
  static let maximumCount = 256
  static let maximumWeight = 1 << 20

  var isEmpty: Bool { items.isEmpty }

  /// A frame whose answer is not known yet.
  mutating func expect(_ ticket: UInt64, weight: Int) {
    add(Item(ticket: ticket, weight: weight, answer: nil))
  }

  /// An answer that has to wait for those before it.
  mutating func hold(_ answer: ProtocolMessage) { add(Item(ticket: nil, weight: 0, answer: answer)) }

  private mutating func add(_ item: Item) {
    items.append(item)
    weight += item.weight
    if items.count >= Self.maximumCount || weight >= Self.maximumWeight { isFull = true }
  }

  /// The answer is known: those that can go out now, in order.
  mutating func settle(_ ticket: UInt64, with answer: ProtocolMessage) -> [ProtocolMessage] {
    guard let index = items.firstIndex(where: { $0.ticket == ticket && $0.answer == nil }) else { return [] }
    items[index].answer = answer
    let known = items.prefix { $0.answer != nil }
    items.removeFirst(known.count)
    weight -= known.reduce(0) { $0 + $1.weight }
    if items.count <= Self.maximumCount / 2, weight <= Self.maximumWeight / 2 { isFull = false }
    return known.compactMap(\.answer)
  }
}
