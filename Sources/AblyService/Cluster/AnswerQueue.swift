internal import AblyWire

/// Answers to the frames of a connection, in the order of the frames: a client takes an answer to be one to all frames
/// before it, too.
struct AnswerQueue: Sendable {
  // A slice: what goes out leaves at its front, without moving the rest.
  private var items: ArraySlice<(ticket: UInt64, answer: ProtocolMessage?)> = []

  var isEmpty: Bool { items.isEmpty }

  /// A frame whose answer is not known yet.
  mutating func expect(_ ticket: UInt64) { items.append((ticket, nil)) }

  /// An answer that has to wait for those before it.
  mutating func hold(_ answer: ProtocolMessage) { items.append((0, answer)) }

  /// The answer is known: those that can go out now, in order.
  mutating func settle(_ ticket: UInt64, with answer: ProtocolMessage) -> [ProtocolMessage] {
    guard let index = items.firstIndex(where: { $0.ticket == ticket && $0.answer == nil }) else { return [] }
    items[index].answer = answer
    let known = items.prefix { $0.answer != nil }
    items.removeFirst(known.count)
    return known.compactMap(\.answer)
  }
}
