import AblyTokenEndpoint
import AblyTokens

/// Who may do what in which room.
struct RoomPolicy: TokenPolicy {
  private let rooms: [String: [String]] = ["bob": ["lobby", "builders"], "ann": ["lobby"]]
  private let moderators: Set<String> = ["mo"]
  private let banned: Set<String> = ["mallory"]

  func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
    guard let name = caller.subject, !banned.contains(name) else {
      return .refuse("this account is banned", rule: "banned")
    }
    if moderators.contains(name) {
      return .grant(
        TokenGrant(clientId: name, capability: ["room:*": [.all]], ttl: .seconds(1800)), rule: "moderator")
    }
    var capability: [Capability.Resource: Set<Capability.Operation>] = ["news": [.subscribe]]
    for room in rooms[name] ?? [] {
      capability[Capability.Resource("room:\(room)")] = [.publish, .subscribe, .presence]
    }
    return .grant(TokenGrant(clientId: name, capability: Capability(capability)), rule: "member")
  }
}
