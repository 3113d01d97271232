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
    guard !AuthenticationProblem(error).isFatal else { return false }
    return switch read(\.state) {
    case .connecting, .connected, .disconnected, .suspended: true
    case .initialized, .closing, .closed, .failed: false
    }
  }

  func authorizationBegan() {
    if isRunning { handle(.authorizing) }
  }

  /// A client that does not run has no connection to change: it makes one with the token when it does.
  func adopt(_ credentials: Credentials) async throws(ErrorInfo) {
    guard isRunning else {
      return room.withLock { room in
        if case .new = room.phase { room.phase = .new(connects: true) }
      }
    }
    _ = try await call(isOwed: true) { .authorized(credentials, $0) }
  }

  func authorizationFailed(_ error: ErrorInfo) {
    if isRunning { handle(.notAuthorized(error)) }
  }

  func renewed(_ credentials: Credentials) {
    handle(.renewed(credentials))
  }
}
