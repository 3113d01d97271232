internal import AblyAuth
internal import AblyTokens
internal import Synchronization

extension RealtimeEngine: LiveConnection {
  /// Before the client runs, it is noted for then.
  func connect() {
    let isRunning = room.withLock { room in
      switch room.phase {
      case .new:
        room.phase = .new(connects: true)
        return false
      case .running: return true
      case .ending, .over: return false
      }
    }
    if isRunning { handle(.connect) }
  }

  func close() {
    room.withLock { room in
      if case .new = room.phase { room.phase = .new(connects: false) }
    }
    handle(.close)
  }

  private var isRunning: Bool {
    room.withLock { room in
      if case .running = room.phase { true } else { false }
    }
  }

  func retries(after error: ErrorInfo) -> Bool {
    guard !AuthenticationProblem(error, canRenew: rest.auth.canRenew).isFatal else { return false }
    return switch read(\.state) {
    case .connecting, .connected, .disconnected, .suspended: true
    case .initialized, .closing, .closed, .failed: false
    }
  }

  func authorizationBegan() -> Int {
    let call = newTicket()
    if isRunning { handle(.authorizing(call)) }
    return call
  }

  /// A client that does not run has no connection to change: it makes one with the token when it does.
  /// One that has run has none either: the token is there for requests.
  func adopt(_ credentials: Credentials, of call: Int) async throws(ErrorInfo) {
    let phase = room.withLock { room in
      if case .new = room.phase { room.phase = .new(connects: true) }
      return room.phase
    }
    switch phase {
    case .new, .over: break
    // Also where it begins to end now: whoever asks the machine is told what became of it.
    case .running: _ = try await self.call(isOwed: true) { .authorized(credentials, $0, of: call) }
    case .ending: throw .clientIsOver
    }
  }

  func authorizationFailed(_ error: ErrorInfo, of call: Int) {
    if isRunning { handle(.notAuthorized(error, of: call)) }
  }

  func renewed(_ credentials: Credentials) {
    handle(.renewed(credentials))
  }
}
