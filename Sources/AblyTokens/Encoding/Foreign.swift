/// What a peer spelt otherwise than this package would, kept letter by letter because it was signed.
///
/// A reference, so that the usual value, which has none, is copied as plain memory.
final class Foreign<Spelling: Sendable & Hashable>: Sendable, Hashable {
  let spelling: Spelling

  init(_ spelling: Spelling) { self.spelling = spelling }

  static func == (left: Foreign, right: Foreign) -> Bool { left.spelling == right.spelling }

  func hash(into hasher: inout Hasher) { hasher.combine(spelling) }
}
