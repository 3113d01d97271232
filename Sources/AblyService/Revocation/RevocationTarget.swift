internal import AblyTokens

/// Which tokens of a key are revoked.
struct RevocationTarget: Sendable, Hashable {
  /// What tokens are told apart by.
  enum Kind: String, Sendable, Hashable {
    case clientId, revocationKey, channel
  }

  let kind: Kind
  let value: String

  /// Reads `type:value`.
  ///
  /// - Throws: 40000 for an unknown type or an empty value.
  init(_ text: String) throws(ErrorInfo) {
    let type = text.prefix { $0 != ":" }
    let value = text.dropFirst(type.count + 1)
    guard let kind = Kind(rawValue: String(type)), !value.isEmpty else {
      throw ErrorInfo(
        .badRequest, "a target is 'clientId:', 'revocationKey:' or 'channel:' and a value", statusCode: 400)
    }
    self.kind = kind
    self.value = String(value)
  }
}
