internal import AblyTokenEndpoint
internal import AblyTokens
internal import Synchronization

/// Who gets what in the story. It changes as the story goes.
final class StoryPolicy: TokenPolicy {
  private struct State {
    var moderators: Set<String> = []
    var banned: Set<String> = []
    var nextLife: Duration?
  }

  private let state = Locked(State())

  func makeModerator(_ name: String) { state.withLock { _ = $0.moderators.insert(name) } }

  func ban(_ name: String) { state.withLock { _ = $0.banned.insert(name) } }

  /// Lets the next token, and no other, live for so long.
  func shortenNextLife(to life: Duration) { state.withLock { $0.nextLife = life } }

  func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
    guard let name = caller.subject else { return .refuse("nobody in particular") }
    return state.withLock { state in
      if state.banned.contains(name) { return .refuse("this account is banned", rule: "banned") }
      let isModerator = state.moderators.contains(name)
      let capability: Capability = isModerator ? ["*": [.all]] : ["chat:*": [.publish, .subscribe]]
      let life = state.nextLife ?? .seconds(3600)
      state.nextLife = nil
      return .grant(
        TokenGrant(clientId: name, capability: capability, ttl: life),
        rule: isModerator ? "moderators" : "members")
    }
  }
}

/// Keeps the endpoint's records of its decisions.
final class StoryAudit: AuditSink {
  private let lines = Locked<[String]>([])

  func record(_ record: AuditRecord) {
    var bytes: [UInt8] = []
    record.appendLine(to: &bytes)
    let line = String(decoding: bytes.dropLast(), as: UTF8.self)
    lines.withLock { $0.append(line) }
  }

  /// The latest.
  var last: String { lines.withLock { $0.last ?? "" } }
}
