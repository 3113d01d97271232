internal import AblyTokens
internal import Synchronization

/// Keeps what comes until somebody takes it, in order.
final class Mailbox<Element: Sendable>: Sendable {
  private struct State: Sendable {
    var elements: [Element] = []
    var waiting: [(id: Int, continuation: CheckedContinuation<Element?, Never>)] = []
    var lastId = 0
    var isClosed = false
  }

  private let state = Locked(State())

  func put(_ element: Element) {
    let waiting: CheckedContinuation<Element?, Never>? = state.withLock { state in
      guard !state.isClosed else { return nil }
      guard !state.waiting.isEmpty else {
        state.elements.append(element)
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    waiting?.resume(returning: element)
  }

  /// Nothing comes any more.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiting in waiting { waiting.continuation.resume(returning: nil) }
  }

  /// Takes what came, without waiting.
  func takeNow() -> Element? {
    state.withLock { state in state.elements.isEmpty ? nil : state.elements.removeFirst() }
  }

  /// Takes what comes next. `nil` when nothing comes any more, or the task is cancelled.
  func take() async -> Element? {
    let id = state.withLock { state in
      state.lastId += 1
      return state.lastId
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (element, isOver) = state.withLock { state -> (Element?, Bool) in
          if !state.elements.isEmpty { return (state.elements.removeFirst(), true) }
          if state.isClosed || Task.isCancelled { return (nil, true) }
          state.waiting.append((id, continuation))
          return (nil, false)
        }
        if isOver { continuation.resume(returning: element) }
      }
    } onCancel: {
      let waiting = state.withLock { state in
        let index = state.waiting.firstIndex { $0.id == id }
        return index.map { state.waiting.remove(at: $0) }
      }
      waiting?.continuation.resume(returning: nil)
    }
  }
}
