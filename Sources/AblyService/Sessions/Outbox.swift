internal import AblyTokens
internal import Synchronization

/// What waits to be sent on one socket: bounded, so that a client that does not read costs no more than that.
///
/// Nobody has to wait for it: whoever sends gives it a bell, and takes from it what can be sent.
final class Outbox: Sendable {
  /// What the socket is to do next.
  enum Item: Sendable {
    case frame(OutgoingFrame)
    case ping
    /// Nothing comes after it. Without a code the socket just ends.
    case close(code: UInt16?)
  }

  /// How far it has come.
  enum Standing: Sendable, Hashable {
    /// There may be more.
    case open
    /// The last thing to send has been given to it.
    case closing
    /// The socket is to be given up without another word.
    case cut
  }

  private struct State {
    var queue = OutboxQueue()
    var standing = Standing.open
    var isMute = false
    var isHeld = false
    var reason: ErrorInfo.Code?
    /// Whether whoever sends has found nothing, and waits for the bell.
    var isAwaited = false
    var bell: (@Sendable () -> Void)?
    /// For those who wait in tasks.
    var alarm: Alarm?

    mutating func push(_ item: Item) {
      guard standing == .open else { return }
      queue.append(item)
      if case .close = item { standing = .closing }
    }

    mutating func cut() {
      queue = OutboxQueue()
      standing = .cut
    }
  }

  private let state = Locked(State())
  private let maximumFrames: Int
  private let maximumBytes: Int

  init(_ settings: RealtimeSettings) {
    maximumFrames = settings.maximumQueuedFrames
    maximumBytes = settings.maximumQueuedBytes
  }

  func push(_ item: Item) {
    change { state in
      state.push(item)
      if state.queue.frames > maximumFrames || state.queue.bytes > maximumBytes { state.cut() }
    }
  }

  /// Gives the socket up without another word.
  func cut() { change { $0.cut() } }

  // The bell is rung outside of the lock, as whoever hears it may look at once.
  private func change(_ body: (inout State) -> Void) {
    let (bell, alarm) = state.withLock { state -> ((@Sendable () -> Void)?, Alarm?) in
      let (before, wasHeld) = (state.standing, state.isHeld)
      body(&state)
      guard
        state.isAwaited && !state.queue.isEmpty || state.standing != before || wasHeld && !state.isHeld
      else { return (nil, state.alarm) }
      state.isAwaited = false
      return (state.bell, state.alarm)
    }
    bell?()
    alarm?.ring()
  }

  /// Rings `bell` when there is something to take where there was nothing, when the socket may be read on, and when the end
  /// is near.
  func listen(_ bell: (@Sendable () -> Void)?) { state.withLock { $0.bell = bell } }

  /// What is sent next; `nil` where there is nothing. For one who sends.
  func take() -> Item? {
    state.withLock { state in
      let item = state.queue.popFirst()
      state.isAwaited = item == nil
      return item
    }
  }

  /// The connection ends by this code.
  func note(_ reason: ErrorInfo.Code) { state.withLock { $0.reason = reason } }

  /// What the connection ended by, where the service had a reason.
  var reason: ErrorInfo.Code? { state.withLock(\.reason) }

  var standing: Standing { state.withLock(\.standing) }

  /// Whether the socket is not to be read for the moment.
  var isHeld: Bool { state.withLock(\.isHeld) }

  func hold(_ isHeld: Bool) { change { $0.isHeld = isHeld } }

  /// No further frame is to arrive.
  func mute() { state.withLock { $0.isMute = true } }

  var isMute: Bool { state.withLock(\.isMute) }
}

// MARK: - For those who wait in a task

extension Outbox {
  /// What is sent, in order, until the end or the task is cancelled. For one reader.
  func forEach(_ body: (Item) async throws -> Void) async rethrows {
    let alarm = alarm
    while !Task.isCancelled {
      let rings = alarm.rings
      // Before looking for an item: the last of them comes with the end.
      let isOpen = standing == .open
      if let item = take() {
        try await body(item)
      } else if isOpen {
        await alarm.wait(after: rings)
      } else {
        return
      }
    }
  }

  /// Returns when the last thing to send waits to be sent, or the task is cancelled.
  func waitForEnd() async { await wait { $0 != .open } }

  /// Returns when the socket is to be given up, or the task is cancelled.
  func waitForCut() async { await wait { $0 == .cut } }

  private func wait(until isReached: (Standing) -> Bool) async {
    let alarm = alarm
    while !Task.isCancelled {
      let rings = alarm.rings
      if isReached(standing) { return }
      await alarm.wait(after: rings)
    }
  }

  private var alarm: Alarm {
    state.withLock { state in
      let alarm = state.alarm ?? Alarm()
      state.alarm = alarm
      return alarm
    }
  }
}
