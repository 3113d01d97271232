#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import Synchronization

  /// Uses of nonces that come while others are being stored are stored together, by the first of them.
  final class NonceQueue: Sendable {
    /// A use of a nonce, and the time of the node that asks.
    struct Item: Sendable {
      let use: NonceUse
      let now: Int64
    }

    private enum Turn: Sendable {
      case done(Result<NonceVerdict, ErrorInfo>)
      /// Nobody stores any more: whoever waits the longest does.
      case lead
    }

    private struct State {
      var waiting: [(item: Item, continuation: CheckedContinuation<Turn, Never>)] = []
      var isLed = false
    }

    private let state = Locked(State())
    private let maximumWaiting: Int

    private static let maximumBatch = 256

    init(maximumWaiting: Int) { self.maximumWaiting = maximumWaiting }

    /// Asks about a nonce and uses it.
    ///
    /// - Parameter store: stores uses in their order, and gives a verdict for each.
    /// - Throws: what `store` throws; 50004 with status 503 when too many wait.
    func admit(
      _ item: Item, _ store: ([Item]) async throws(ErrorInfo) -> [NonceVerdict]
    ) async throws(ErrorInfo) -> NonceVerdict {
      if case .done(let result) = await turn(for: item) { return try result.get() }
      let others = state.withLock { state in
        let others = Array(state.waiting.prefix(Self.maximumBatch - 1))
        state.waiting.removeFirst(others.count)
        return others
      }
      let result: Result<[NonceVerdict], ErrorInfo>
      do throws(ErrorInfo) { result = .success(try await store([item] + others.map(\.item))) } catch {
        result = .failure(error)
      }
      passOn()
      for (index, other) in others.enumerated() {
        other.continuation.resume(returning: .done(result.map { $0[index + 1] }))
      }
      return try result.get()[0]
    }

    private func turn(for item: Item) async -> Turn {
      await withCheckedContinuation { continuation in
        let turn: Turn? = state.withLock { state in
          guard state.isLed else {
            state.isLed = true
            return .lead
          }
          guard state.waiting.count < maximumWaiting else {
            return .done(.failure(.storeUnavailable("too many requests wait for the database")))
          }
          state.waiting.append((item, continuation))
          return nil
        }
        if let turn { continuation.resume(returning: turn) }
      }
    }

    private func passOn() {
      let next = state.withLock { state -> CheckedContinuation<Turn, Never>? in
        guard !state.waiting.isEmpty else {
          state.isLed = false
          return nil
        }
        return state.waiting.removeFirst().continuation
      }
      next?.resume(returning: .lead)
    }
  }
#endif
