internal import AblyAuth
public import AblyTokens

/// A channel of a connection (RTL). A value that stands for it: all with one name are the same channel.
public struct RealtimeChannel: Sendable {
  /// Its name (RTL23).
  public let name: String

  let engine: RealtimeEngine

  /// Where it stands now (RTL2b).
  public var state: ChannelState { engine.read { $0.channels[name]?.state ?? .initialized } }

  /// Why it was detached, suspended or refused, as far as somebody said so (RTL4c, RTL14).
  public var errorReason: ErrorInfo? { engine.read { $0.channels[name]?.errorReason } }

  /// The params that the service confirmed (RTL4k1).
  public var params: [String: String] { engine.read { $0.channels[name]?.params ?? [:] } }

  /// What it is attached for, as far as the service said so (RTL4m).
  public var modes: Set<ChannelMode> { engine.read { $0.channels[name]?.modes ?? [] } }

  /// All changes from now on (RTL2).
  public var events: StateChanges<ChannelStateChange> {
    engine.subscribe(to: engine.listeners[name].changes)
  }

  /// Who is present (RTL9).
  public var presence: RealtimePresence { RealtimePresence(channel: self) }

  /// Attaches the channel (RTL4). Without a connection it waits for the one that is about to be made.
  ///
  /// - Throws: the service's refusal, such as 40160; 90007 when it does not answer in
  ///   `ClientOptions.realtimeRequestTimeout` (RTL4f); why there is neither a connection nor an attempt
  ///   (RTL4b); 40033 when the task is cancelled: the channel attaches all the same.
  public func attach() async throws(ErrorInfo) {
    _ = try await engine.call(name) { .attach($0) }
  }

  /// Detaches the channel (RTL5).
  ///
  /// Without a connection it is detached at once (RTL5l).
  ///
  /// - Throws: 90001 when the channel failed (RTL5b); 90007 when the service does not answer in
  ///   `ClientOptions.realtimeRequestTimeout` (RTL5f); 40033 when the task is cancelled: the channel detaches
  ///   all the same.
  public func detach() async throws(ErrorInfo) {
    _ = try await engine.call(name) { .detach($0) }
  }

  /// Changes how it is attached, and attaches it again where that is needed (RTL16).
  ///
  /// - Throws: as ``attach()``.
  public func setOptions(_ options: RealtimeChannelOptions) async throws(ErrorInfo) {
    _ = try await engine.call(name) { .configure(options, $0) }
  }

  /// Waits for a state (RTL25).
  ///
  /// - Returns: the change that led to it; `nil` when the channel was in it already.
  /// - Throws: 80017 when the client is over before; 90001 when the channel is released; 40033 when the task is
  ///   cancelled.
  @discardableResult
  public func whenState(_ state: ChannelState) async throws(ErrorInfo) -> ChannelStateChange? {
    let isThere = { (machine: RealtimeMachine) in (machine.channels[name]?.state ?? .initialized) == state }
    return try await engine.change(
      of: engine.listeners[name].changes, to: { $0.event == .state(state) }, unless: isThere)
  }
}
