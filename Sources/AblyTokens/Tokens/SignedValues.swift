/// What the MAC of a token request covers, in plain words: making and copying it costs next to nothing.
struct SignedValues: Sendable, Hashable {
  let keyName: String
  let capability: CapabilityText?
  let clientId: String?
  /// Milliseconds.
  let ttl: Int64?
  /// Milliseconds since 1970.
  let timestamp: Int64
  let nonce: NonceText
  let spelling: WireSpelling
}
