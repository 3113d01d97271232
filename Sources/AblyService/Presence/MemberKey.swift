internal import AblyTokens

/// A member among those of a channel (TP3h), compared by its bytes as every identity is.
struct MemberKey: Sendable, Hashable {
  let connectionId: String
  let clientId: String

  static func == (left: MemberKey, right: MemberKey) -> Bool {
    left.connectionId == right.connectionId && left.clientId.isSpelt(as: right.clientId)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(connectionId)
    hasher.combine(bytesOf: clientId)
  }

  var text: String { "\(connectionId):\(clientId)" }
}
