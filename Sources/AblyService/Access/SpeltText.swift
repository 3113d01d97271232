internal import AblyTokens

/// A text that is compared by its bytes, to look something up by: `String` takes canonically equivalent spellings for
/// one.
struct SpeltText: Sendable, Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: SpeltText, right: SpeltText) -> Bool { left.text.isSpelt(as: right.text) }

  func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}
