internal import AblyTokens

/// What a token asks for or states, and what of it is a key's to give.
struct Grant: Sendable {
  /// What may be done.
  let capability: Capability

  /// The same as text.
  let text: String

  /// The resources as the token names them, by which it can be revoked.
  let channels: [String]

  /// - Throws: what ``Capability/asked(_:)`` and ``Capability/granted(by:)`` do.
  init(_ text: String, by key: Capability) throws(ErrorInfo) {
    let asked = try Capability.asked(text)
    self.init(asked, try asked.granted(by: key))
  }

  /// What is left of a token that was issued: it was found small enough then.
  ///
  /// - Throws: what ``Capability/asked(_:)`` does.
  init(issued text: String, by key: Capability) throws(ErrorInfo) {
    let issued = try Capability.asked(text)
    self.init(issued, issued.left(by: key))
  }

  private init(_ asked: Capability, _ capability: Capability) {
    self.capability = capability
    text = capability.canonicalText
    channels = asked.rules.keys.map(\.text)
  }
}
