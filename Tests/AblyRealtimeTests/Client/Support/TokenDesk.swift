internal import AblyAuth
internal import AblyTokens
internal import Synchronization

/// A token source of a test: gives `token-1`, `token-2` and so on, and remembers what it was asked for.
final class TokenDesk: Sendable {
  private struct State: Sendable {
    var asked: [TokenParams] = []
    var failure: (any Error)?
    var clientId: String?
  }

  private let state = Locked(State())

  init(clientId: String? = nil) { state.withLock { $0.clientId = clientId } }

  var asked: [TokenParams] { state.withLock { $0.asked } }

  /// What it fails with from now on.
  func fail(_ error: (any Error)?) { state.withLock { $0.failure = error } }

  var callback: AuthCallback {
    { [self] params in
      try state.withLock { state in
        state.asked.append(params)
        if let failure = state.failure { throw failure }
        let token = "token-\(state.asked.count)"
        return .tokenDetails(TokenDetails(token: token, clientId: state.clientId))
      }
    }
  }
}
