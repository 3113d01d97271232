#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import Synchronization

  /// Tells a node what others change, and that it does not hear them any more, in one order.
  ///
  /// A database that does not answer is as good as one that is away, though the connection to it stands.
  final class Hearing: Sendable {
    private struct State {
      /// When the database answered last; `nil` before it has for the first time, and where the node is deaf.
      var last: ContinuousClock.Instant?
    }

    private let apply: @Sendable (StoreChange) -> Void
    private let state = Locked(State())

    /// How long the database may take to say what is new before the node counts as deaf. It is asked four times a second.
    static let patience: Duration = .seconds(3)

    init(_ apply: @escaping @Sendable (StoreChange) -> Void) { self.apply = apply }

    /// Everything was read.
    func begin(_ contents: StoreContents, at now: ContinuousClock.Instant) {
      state.withLock { state in
        state.last = now
        apply(.contents(contents))
      }
    }

    /// Tells changes.
    ///
    /// - Returns: `false` where the node was told that it is deaf: then everything is to be read anew.
    func tell(_ changes: [StoreChange], at now: ContinuousClock.Instant) -> Bool {
      state.withLock { state in
        guard state.last != nil else { return false }
        state.last = now
        for change in changes { apply(change) }
        return true
      }
    }

    /// The connection is gone.
    func lose() {
      state.withLock { state in
        state.last = nil
        apply(.lost)
      }
    }

    /// Looks whether the database has answered lately.
    func check(at now: ContinuousClock.Instant) {
      state.withLock { state in
        guard let last = state.last, last + Self.patience < now else { return }
        state.last = nil
        apply(.lost)
      }
    }
  }
#endif
