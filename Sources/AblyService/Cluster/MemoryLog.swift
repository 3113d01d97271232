package import AblyTokens
internal import Synchronization

/// A shared log in the memory of one process, whose services are nodes of one cluster.
package final class MemoryLog: SharedLog {
  private struct State {
    var log = MemoryLogState()
    var followers: [Int: AsyncStream<[LogEvent]>.Continuation] = [:]
    var lastFollower = 0
    var isAway = false
  }

  private let secret = Randomness.system(32)
  private let state = Locked(State())

  init() {}

  /// Whether it can neither be read nor written: for tests of what happens then.
  package var isAway: Bool {
    get { state.withLock(\.isAway) }
    set { state.withLock { $0.isAway = newValue } }
  }

  /// Runs `body` on what stands here, and tells those who follow what it has appended.
  private func with<Value: Sendable>(
    _ body: (inout MemoryLogState) -> Value
  ) throws(ErrorInfo) -> Value {
    try state.withLock { (state) throws(ErrorInfo) in
      if state.isAway { throw .storeUnavailable("the log is away") }
      let before = state.log.position.sequence
      let value = body(&state.log)
      let news = state.log.events.suffix(Int(state.log.position.sequence - before))
      if !news.isEmpty { for follower in state.followers.values { follower.yield(Array(news)) } }
      return value
    }
  }

  package func begin(by node: String, at now: Int64) async throws(ErrorInfo) -> LogBeginning {
    try with { [secret] log in
      log.renew(by: node, at: now)
      log.bury(at: now)
      let tail = log.events.suffix(LogBeginning.maximumTail).drop {
        $0.position.time < now - LogBeginning.tailTime
      }
      return LogBeginning(
        log: "memory", secret: secret, position: log.position,
        members: log.members.values.flatMap(\.values).map(\.event),
        before: log.events.dropLast(tail.count).last?.position ?? .start, tail: Array(tail))
    }
  }

  package func append(
    _ entries: [LogEntry], by node: String, at now: Int64
  ) async throws(ErrorInfo) -> [LogReceipt] {
    try with { $0.append(entries, by: node, at: now) }
  }

  package func take(
    _ connectionId: String, by node: String, at now: Int64
  ) async throws(ErrorInfo) -> LogTaking? {
    try with { $0.take(connectionId, by: node, at: now) }
  }

  package func events(_ query: LogQuery) async throws(ErrorInfo) -> [LogEvent] {
    try with { $0.events(query) }
  }

  package func occupants(
    of room: String, besides node: String
  ) async throws(ErrorInfo) -> [Int64: Int] {
    try with { $0.occupants(of: room, besides: node) }
  }

  package func renew(by node: String, at now: Int64) async throws(ErrorInfo) -> LogRenewal {
    try with { $0.renew(by: node, at: now) }
  }

  package func bury(at now: Int64) async throws(ErrorInfo) -> Bool {
    try with { $0.bury(at: now) }
    return false
  }

  package func follow(
    after position: LogPosition, _ apply: @escaping @Sendable ([LogEvent]) -> Void
  ) async throws(ErrorInfo) {
    let (news, continuation) = AsyncStream.makeStream(of: [LogEvent].self)
    let id = state.withLock { state in
      continuation.yield(state.log.events.filter { $0.position > position })
      state.lastFollower += 1
      state.followers[state.lastFollower] = continuation
      return state.lastFollower
    }
    for await events in news { apply(events) }
    state.withLock { $0.followers[id] = nil }
  }
}
