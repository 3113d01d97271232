internal import AblyAuth
public import AblyTokens

/// The connection of a ``RealtimeClient`` (RTN).
public struct Connection: Sendable {
  let engine: RealtimeEngine

  /// Where it stands now (RTN4d).
  public var state: ConnectionState { engine.read(\.state) }

  /// What the service calls it (RTN8). `nil` where there is none.
  public var id: String? { engine.read(\.id) }

  /// The secret with which it is taken up again (RTN9). `nil` where there is none.
  public var key: String? { engine.read(\.key?.text) }

  /// The latest error of the connection (RTN25). `nil` after it was made, and after it was asked for anew where it
  /// was closed or had failed (RTN11d).
  public var errorReason: ErrorInfo? { engine.read(\.errorReason) }

  /// All changes from now on (RTN4). Ask before you let the client run to have the first.
  public var events: StateChanges<ConnectionStateChange> { engine.subscribe(to: engine.changes) }

  /// Makes a connection (RTN11), and ends a wait for the next attempt. Before the client runs, it is noted for
  /// then. ``events`` and ``whenState(_:)`` tell what becomes of it.
  public func connect() { engine.connect() }

  /// Closes the connection (RTN12). It stays closed until it is asked for again.
  public func close() { engine.close() }

  /// Asks the service for a sign of life (RTN13). Without a connection, it waits for the one that is about to
  /// be made.
  ///
  /// - Returns: how long the answer took.
  /// - Throws: 50003 when there is none in `ClientOptions.realtimeRequestTimeout` (RTN13c); why there is
  ///   neither a connection nor an attempt (RTN13b); 40033 when the task is cancelled.
  @discardableResult
  public func ping() async throws(ErrorInfo) -> Duration {
    let id = engine.surroundings.id()
    guard case .roundTrip(let duration) = try await engine.call({ .ping($0, id: id) }) else { return .zero }
    return duration
  }

  /// Waits for a state (RTN26).
  ///
  /// - Returns: the change that led to it; `nil` when the connection was in it already.
  /// - Throws: 80017 when the client is over before, 40033 when the task is cancelled.
  @discardableResult
  public func whenState(_ state: ConnectionState) async throws(ErrorInfo) -> ConnectionStateChange? {
    try await engine.change(
      of: engine.changes, to: { $0.event == .state(state) }, unless: { $0.state == state })
  }

  /// What another client, in another process perhaps, takes this connection up with, as
  /// `ClientOptions.recover` (RTN16g). It is a secret. `nil` where there is nothing to take up (RTN16g2).
  public func createRecoveryKey() -> String? { engine.read(\.recoveryKey?.text) }

  /// Tells the connection that this machine's network came or went (RTN20), for an app that watches it.
  public func networkChanged(isAvailable: Bool) { engine.handle(.network(isAvailable: isAvailable)) }
}

extension ErrorInfo {
  /// Nothing happens any more.
  static let clientIsOver = ErrorInfo(
    .connectionClosed, "the client no longer runs", remedy: "Make another client, and run it.")
}
