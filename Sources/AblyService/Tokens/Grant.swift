internal import AblyTokens

/// What a token asks for or states, and what of it is a key's to give.
struct Grant: Sendable {
  /// What may be done.
  let capability: Capability

  /// The same as text.
  let text: String

  /// The resources as the token names them, by which it can be revoked.
  let channels: Set<String>

  /// - Throws: what ``Capability/asked(_:of:)`` does.
  init(_ text: String, by key: Capability) throws(ErrorInfo) {
    let asked = try Capability.asked(text, of: key)
    capability = asked.intersection(key)
    self.text = capability.canonicalText
    channels = Set(asked.rules.keys.map(\.text))
  }
}
