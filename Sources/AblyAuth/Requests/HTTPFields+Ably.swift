internal import AblyTokens
internal import AblyWire
internal import HTTPTypes

extension HTTPFields {
  /// What every request of a client carries (RSC7e, RSC7d2, RSC8c, RSA7e2).
  init(ably options: ClientOptions) {
    self.init()
    self[.accept] = WireFormat(options).mediaType
    set("X-Ably-Version", String(Agent.protocolVersion))
    set("Ably-Agent", Agent.identifier)
    if let clientId = options.clientId {
      set("X-Ably-ClientId", Base64.standard.encode(clientId.utf8))
    }
  }

  /// All values of a field that has no constant of its own.
  func values(_ name: String) -> [String] {
    HTTPField.Name(name).map { self[values: $0] } ?? []
  }

  mutating func set(_ name: String, _ value: String) {
    guard let name = HTTPField.Name(name) else { return }
    self[name] = value
  }
}
