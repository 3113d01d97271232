/// Texts that nobody can guess, and nobody makes twice.
package enum RandomText {
  private static let source = NonceSource()

  /// 96 random bits, as 16 characters of base64url.
  package static func next() -> String { source.next().text }
}
