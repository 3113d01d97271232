internal import AblyTokens
internal import NIOCore
internal import Synchronization

/// What one reader of a channel has yet to read.
final class Unread<Element: Sendable>: Sendable {
  private struct State: Sendable {
    var elements = CircularBuffer<(element: Element, weight: Int)>()
    /// That of all elements.
    var weight = 0
    /// Why nothing comes after the elements; `nil` as long as something may.
    var end: End?
    /// Readers that found nothing. One, unless the sequence is read in several tasks.
    var waiting: [CheckedContinuation<Void, Never>] = []

    /// Why one of this weight is not added; `nil` where there is room for it. One alone always has room.
    func refusal(of weight: Int, limit: Int) -> ErrorInfo? {
      if elements.isEmpty { return nil }
      if elements.count >= limit { return .tooSlow(count: limit) }
      return weight > Unread.maximumBytes - self.weight ? .tooSlow(bytes: Unread.maximumBytes) : nil
    }

    mutating func append(_ element: Element, _ weight: Int) {
      elements.append((element, weight))
      self.weight += weight
    }

    mutating func popFirst() -> Element? {
      guard let (element, weight) = elements.popFirst() else { return nil }
      self.weight -= weight
      return element
    }

    /// Those who are to look again.
    mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
      guard !waiting.isEmpty, !elements.isEmpty || end != nil else { return [] }
      defer { waiting = [] }
      return waiting
    }
  }

  private enum End: Sendable {
    case over
    case tooSlow(ErrorInfo)
  }

  /// How many bytes of memory may wait, roughly, whatever their number.
  static var maximumBytes: Int { 64 << 20 }

  private let state = Locked(State())
  private let limit: Int
  private let weight: @Sendable (Element) -> Int
  private let wants: @Sendable (Element) -> Bool

  /// - Parameters:
  ///   - limit: how many may wait.
  ///   - weight: about how many bytes of memory one takes.
  ///   - wants: which are added.
  init(
    limit: Int, weight: @escaping @Sendable (Element) -> Int, wants: @escaping @Sendable (Element) -> Bool
  ) {
    self.limit = max(limit, 1)
    self.weight = weight
    self.wants = wants
  }

  /// Adds what is wanted of this, in order.
  ///
  /// - Returns: `false` where nothing is added any more.
  func add(_ new: [Element]) -> Bool {
    let (waiting, isOpen) = state.withLock { state in
      guard state.end == nil else { return ([CheckedContinuation<Void, Never>](), false) }
      for element in new where wants(element) {
        let weight = weight(element)
        // Going on without it would hide that something is missing.
        if let error = state.refusal(of: weight, limit: limit) {
          state.end = .tooSlow(error)
          break
        }
        state.append(element, weight)
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
      if let element = state.popFirst() { return Ready(element: element) }
      switch state.end {
      case nil: return nil
      case .over: return Ready(element: nil)
      case .tooSlow(let error):
        state.end = .over
        throw error
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
  fileprivate static func tooSlow(count: Int) -> ErrorInfo {
    ErrorInfo(
      .operationCanceled, "\(count) messages wait to be read, and another came", statusCode: 0,
      remedy: "Read faster, or subscribe with a larger limit; then fetch what was missed from the history.")
  }

  fileprivate static func tooSlow(bytes: Int) -> ErrorInfo {
    ErrorInfo(
      .operationCanceled, "messages of about \(bytes >> 20) MiB wait to be read, and another came",
      statusCode: 0,
      remedy: "Read faster, then fetch what was missed from the history.")
  }
}
