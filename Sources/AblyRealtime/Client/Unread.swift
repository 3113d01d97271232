internal import AblyTokens
internal import NIOCore
internal import Synchronization

/// What one reader of a channel has yet to read.
final class Unread<Element: Sendable>: Sendable {
  private struct State: Sendable {
    var elements = CircularBuffer<Element>()
    /// Why nothing comes after the elements; `nil` as long as something may.
    var end: End?
    /// Readers that found nothing. One, unless the sequence is read in several tasks.
    var waiting: [CheckedContinuation<Void, Never>] = []

    /// Those who are to look again.
    mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
      guard !waiting.isEmpty, !elements.isEmpty || end != nil else { return [] }
      defer { waiting = [] }
      return waiting
    }
  }

  private enum End: Sendable {
    case over
    case tooSlow
  }

  private let state = Locked(State())
  private let limit: Int
  private let wants: @Sendable (Element) -> Bool

  /// - Parameter limit: how much may wait.
  init(limit: Int, wants: @escaping @Sendable (Element) -> Bool) {
    self.limit = max(limit, 1)
    self.wants = wants
  }

  /// Adds what is wanted of this, in order.
  ///
  /// - Returns: `false` where nothing is added any more.
  func add(_ new: [Element]) -> Bool {
    let (waiting, isOpen) = state.withLock { state in
      guard state.end == nil else { return ([CheckedContinuation<Void, Never>](), false) }
      for element in new where wants(element) {
        // Going on without it would hide that something is missing.
        guard state.elements.count < limit else {
          state.end = .tooSlow
          break
        }
        state.elements.append(element)
      }
      return (state.takeWaiting(), state.end == nil)
    }
    for reader in waiting { reader.resume() }
    return isOpen
  }

  /// Nothing comes after what is there.
  func finish() {
    let waiting = state.withLock { state in
      state.end = state.end ?? .over
      return state.takeWaiting()
    }
    for reader in waiting { reader.resume() }
  }

  /// The next one; `nil` after the last. When the task is cancelled while it waits, nothing is added any more.
  ///
  /// - Throws: 40033, once, where more came than may wait.
  func next(isolation actor: isolated (any Actor)?) async throws(ErrorInfo) -> Element? {
    while true {
      if let ready = try take() { return ready.element }
      await waitForMore(isolation: actor)
    }
  }

  private struct Ready { let element: Element? }

  /// - Returns: `nil` where there is nothing yet.
  private func take() throws(ErrorInfo) -> Ready? {
    try state.withLock { state throws(ErrorInfo) in
      if let element = state.elements.popFirst() { return Ready(element: element) }
      switch state.end {
      case nil: return nil
      case .over: return Ready(element: nil)
      case .tooSlow:
        state.end = .over
        throw .tooSlow(limit)
      }
    }
  }

  private func waitForMore(isolation actor: isolated (any Actor)?) async {
    await withTaskCancellationHandler(
      operation: {
        await withCheckedContinuation(isolation: actor) { continuation in
          let isReady = state.withLock { state in
            guard state.elements.isEmpty, state.end == nil else { return true }
            state.waiting.append(continuation)
            return false
          }
          if isReady { continuation.resume() }
        }
      }, onCancel: { finish() }, isolation: actor)
  }
}

extension ErrorInfo {
  fileprivate static func tooSlow(_ limit: Int) -> ErrorInfo {
    ErrorInfo(
      .operationCanceled, "\(limit) messages wait to be read, and another came", statusCode: 0,
      remedy: "Read faster, or subscribe with a larger limit; then fetch what was missed from the history.")
  }
}
