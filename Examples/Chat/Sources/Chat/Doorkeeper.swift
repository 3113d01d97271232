import AblyTokenEndpoint
import AblyTokens

/// Who may do what in which room.
struct Doorkeeper: TokenPolicy {
  let people: People

  func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
    guard let name = caller.subject, let person = people[name] else { return .refuse("nobody we know") }
    guard !people.isRemoved(name) else { return .refuse("a moderator removed you", rule: "removed") }
    let talking: Set<Capability.Operation> = [.publish, .subscribe, .presence]
    if person.isModerator {
      return .grant(TokenGrant(clientId: name, capability: ["room:*": talking]), rule: "moderator")
    }
    let rooms = person.rooms.map { (Capability.Resource("room:\($0)"), talking) }
    let capability = Capability(Dictionary(uniqueKeysWithValues: rooms))
    return .grant(TokenGrant(clientId: name, capability: capability), rule: "member")
  }
}
