/// A member among those of a channel (TP3h), compared by its bytes as every identity is.
struct MemberKey: Sendable, Hashable {
  let connectionId: String
  let clientId: String

  static func == (left: MemberKey, right: MemberKey) -> Bool {
    left.connectionId == right.connectionId && left.clientId.utf8.elementsEqual(right.clientId.utf8)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(connectionId)
    for byte in clientId.utf8 { hasher.combine(byte) }
  }

  var text: String { "\(connectionId):\(clientId)" }
}
