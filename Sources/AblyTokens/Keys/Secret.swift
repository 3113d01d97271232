/// A text that cannot be printed: not by interpolation, not in a debugger's summary, not by `dump`.
package struct Secret: Sendable {
  /// The text itself. Whoever asks for it takes care of it.
  package let text: String

  package init(_ text: String) { self.text = text }
}

extension Secret: Equatable {
  /// Takes the same time wherever the first difference stands.
  package static func == (left: Secret, right: Secret) -> Bool {
    ConstantTime.equal(left.text.utf8, right.text.utf8)
  }
}

extension Secret: Hashable {
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Secret: Redacted {}
