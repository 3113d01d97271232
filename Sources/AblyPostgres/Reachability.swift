#if Postgres
  internal import AblyTokens
  internal import Synchronization

  /// Whether connections are to be had, and why not. The reason names hosts and users, so it is for those who run a node:
  /// its clients hear that the database is away, and no more.
  final class Reachability: Sendable {
    private struct State {
      var trouble: PostgresFailure?
      /// When that was, and what callers are told.
      var refused: (at: ContinuousClock.Instant, refusal: ErrorInfo)?
      var reached: ContinuousClock.Instant?
      /// Before, whoever starts the node is told by an error.
      var isReporting = false
    }

    private let state = Locked(State())
    private let report: @Sendable (String) -> Void

    init(_ report: @escaping @Sendable (String) -> Void) { self.report = report }

    /// Why the latest attempt to connect failed; `nil` where it did not.
    var trouble: PostgresFailure? { state.withLock(\.trouble) }

    /// What callers are told if the latest attempt failed, and no longer ago; `nil` as soon as one succeeds, whoever made
    /// it.
    func refusal(since moment: ContinuousClock.Instant) -> ErrorInfo? {
      state.withLock { $0.refused.flatMap { $0.at > moment ? $0.refusal : nil } }
    }

    /// From now on what changes is reported.
    func beginToReport() { state.withLock { $0.isReporting = true } }

    /// An attempt failed. Where somebody got through after it was begun, that is the news.
    func fail(_ failure: PostgresFailure, begun start: ContinuousClock.Instant) {
      let line = failure.line
      let isNews = state.withLock { state in
        if let reached = state.reached, reached >= start { return false }
        defer {
          state.trouble = failure
          state.refused = (.now, failure.refusal)
        }
        return state.isReporting && state.trouble?.line != line
      }
      if isNews { report("PostgreSQL cannot be reached: \(line)") }
    }

    func succeed() {
      let isNews = state.withLock { state in
        defer {
          state.trouble = nil
          state.refused = nil
          state.reached = .now
        }
        return state.isReporting && state.trouble != nil
      }
      if isNews { report("PostgreSQL is reached again") }
    }
  }
#endif
