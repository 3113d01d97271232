internal import AblyTokens
internal import Synchronization

/// Sees to it that names of keys that nobody has cost a shared store little, whoever thinks of them: one look-up at a
/// time for each, few at a time for all, and none for one that was looked for within the last second.
final class KeySearch: Sendable {
  /// What is to be done about a name.
  enum Turn: Sendable, Hashable {
    /// It is to be looked for, and ``end(_:_:at:)`` called.
    case search
    /// Another does it.
    case wait
    /// There was no such key a moment ago.
    case missing
  }

  /// What came of a look-up.
  enum Outcome: Sendable {
    case found, missing
    case failed(ErrorInfo)
  }

  fileprivate struct State {
    /// Until when a name is not looked for again.
    var misses: [String: Duration] = [:]
    /// Who waits for a look-up that is under way.
    var waiting: [String: [CheckedContinuation<ErrorInfo?, Never>]] = [:]
  }

  private let state = Locked(State())

  private static let memory = Duration.seconds(1)
  static let maximumMisses = 4096
  static let maximumUnderWay = 16

  /// The longest name that a key can have, in bytes.
  static let maximumNameBytes = 255

  /// - Throws: 50004 where so many other names are being looked for.
  func begin(_ name: String, at uptime: Duration) throws(ErrorInfo) -> Turn {
    try state.withLock { (state) throws(ErrorInfo) -> Turn in
      if let end = state.misses[name], uptime < end { return .missing }
      if state.waiting[name] != nil { return .wait }
      guard state.waiting.count < Self.maximumUnderWay else {
        throw .storeUnavailable("too many keys that are not known here are being looked for")
      }
      state.waiting[name] = []
      return .search
    }
  }

  /// How many wait for one of another.
  var waiterCount: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

  /// Returns when the look-up of another is over.
  ///
  /// - Throws: why it failed.
  func wait(for name: String) async throws(ErrorInfo) {
    let failure: ErrorInfo? = await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        guard state.waiting[name] != nil else { return true }
        state.waiting[name]?.append(continuation)
        return false
      }
      if isOver { continuation.resume(returning: nil) }
    }
    if let failure { throw failure }
  }

  /// A look-up is over.
  func end(_ name: String, _ outcome: Outcome, at uptime: Duration) {
    let waiting = state.withLock { state in
      if case .missing = outcome { state.note(name, until: uptime + Self.memory, now: uptime) }
      return state.waiting.removeValue(forKey: name) ?? []
    }
    var failure: ErrorInfo?
    if case .failed(let error) = outcome { failure = error }
    for continuation in waiting { continuation.resume(returning: failure) }
  }
}

extension KeySearch.State {
  mutating func note(_ name: String, until end: Duration, now: Duration) {
    if misses.count >= KeySearch.maximumMisses { misses = misses.filter { $0.value > now } }
    // What is forgotten is looked for once more.
    if misses.count >= KeySearch.maximumMisses { misses = [:] }
    misses[name] = end
  }
}
