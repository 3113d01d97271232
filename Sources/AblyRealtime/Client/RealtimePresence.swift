public import AblyAuth
public import AblyTokens
public import AblyWire

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Who is present on a channel (RTP).
public struct RealtimePresence: Sendable {
  let channel: RealtimeChannel

  /// Whether all members that were there when the channel attached are known (RTP13): never where they are more than
  /// a client keeps.
  public var syncComplete: Bool {
    channel.engine.read { $0.channels[channel.name]?.isSynced ?? false }
  }

  /// Enters under the client's own identity (RTP8). Attaches a channel that has not been used yet. As long as
  /// the channel stays attached, the client enters again by itself after an interruption (RTP17i).
  ///
  /// - Parameters:
  ///   - data: what the client brings along.
  ///   - extras: further data about it, a JSON object (RTP8a).
  /// - Throws: 91000 when the client has no identity of its own (RTP8j); 91001 when the
  ///   channel was detached, is suspended or failed (RTP16c); 40009 for data that is too large,
  ///   42911 when too much waits already, as for publishing; the service's refusal, such as 40160;
  ///   why there is neither a connection nor an attempt (RTP16c); 40033 when the task is cancelled.
  public func enter(_ data: MessageData? = nil, extras: JSONValue? = nil) async throws(ErrorInfo) {
    try await send(.enter, nil, data, extras)
  }

  /// Changes what the client brought along (RTP9); throws as ``enter(_:extras:)``.
  public func update(_ data: MessageData? = nil, extras: JSONValue? = nil) async throws(ErrorInfo) {
    try await send(.update, nil, data, extras)
  }

  /// Leaves (RTP10), without more with what it entered with; throws as ``enter(_:extras:)``.
  public func leave(_ data: MessageData? = nil, extras: JSONValue? = nil) async throws(ErrorInfo) {
    try await send(.leave, nil, data, extras)
  }

  /// Enters on behalf of somebody else, which takes credentials for any identity (RTP14, RTP15).
  ///
  /// - Throws: 40012 for an identity that the client may not take (RTP15f); else as ``enter(_:extras:)``.
  public func enterClient(
    _ clientId: String, _ data: MessageData? = nil, extras: JSONValue? = nil
  ) async throws(ErrorInfo) {
    try await send(.enter, clientId, data, extras)
  }

  /// Changes what somebody else brought along (RTP15); throws as ``enterClient(_:_:extras:)``.
  public func updateClient(
    _ clientId: String, _ data: MessageData? = nil, extras: JSONValue? = nil
  ) async throws(ErrorInfo) {
    try await send(.update, clientId, data, extras)
  }

  /// Leaves on behalf of somebody else (RTP15); throws as ``enterClient(_:_:extras:)``.
  public func leaveClient(
    _ clientId: String, _ data: MessageData? = nil, extras: JSONValue? = nil
  ) async throws(ErrorInfo) {
    try await send(.leave, clientId, data, extras)
  }

  private func send(
    _ action: PresenceAction, _ clientId: String?, _ data: MessageData?, _ extras: JSONValue?
  ) async throws(ErrorInfo) {
    var message = PresenceMessage(action: action, clientId: clientId, data: data)
    message.extras = extras
    _ = try await channel.engine.call(channel.name) { .presence(message, $0) }
  }

  /// The members that are present now (RTP11), sorted by their `PresenceMessage.memberKey`. Attaches the
  /// channel where it is not.
  ///
  /// - Parameters:
  ///   - clientId: only those with this identity (RTP11c2).
  ///   - connectionId: only those of this connection (RTP11c3).
  ///   - waitForSync: whether to wait until all are known (RTP11c1).
  /// - Throws: 91005 when the channel is suspended, unless `waitForSync` is off (RTP11d); 50003 when the service
  ///   does not name them, or more of them, in `ClientOptions.realtimeRequestTimeout`; 91003 when they are more than
  ///   65 536, or take more than about 64 MiB, unless `waitForSync` is off: `RESTPresence.get` gives them page by
  ///   page; as ``RealtimeChannel/attach()``.
  public func get(
    clientId: String? = nil, connectionId: String? = nil, waitForSync: Bool = true
  ) async throws(ErrorInfo) -> [PresenceMessage] {
    let answer = try await channel.engine.call(channel.name) { .members(waitForSync: waitForSync, $0) }
    guard case .members(let members) = answer else { return [] }
    return
      members
      .filter { clientId == nil || $0.clientId == clientId }
      .filter { connectionId == nil || $0.connectionId == connectionId }
      .sorted { $0.memberKey < $1.memberKey }
  }

  /// Who enters, leaves and changes from now on, all or some actions (RTP6). Attaches the channel, unless its
  /// options say otherwise (RTP6d).
  ///
  /// - Parameters:
  ///   - actions: which to have; all where it is empty.
  ///   - limit: how many may wait to be read. With more, or with more than about 64 MiB of memory, the sequence
  ///     ends with an error.
  public func subscribe(
    _ actions: PresenceAction..., limit: Int = 16_384
  ) -> ChannelSequence<PresenceMessage> {
    let wanted = Set(actions)
    return channel.engine.listen(
      to: channel.name, \.presence, isOfMessages: false, limit: limit
    ) { message in
      wanted.isEmpty || message.action.map(wanted.contains) ?? false
    }
  }

  /// Who entered, left and changed (RTP12), asked for over HTTP.
  ///
  /// - Parameters:
  ///   - start: the time of the earliest event to give, not after `end`.
  ///   - end: the time of the latest event to give.
  ///   - direction: the order; backwards where it is absent.
  ///   - limit: how many events a page has at most, 1 to 1000; 100 where it is absent.
  /// - Throws: as `RESTPresence.history(start:end:direction:limit:)`.
  public func history(
    start: Date? = nil, end: Date? = nil, direction: HistoryDirection? = nil, limit: Int? = nil
  ) async throws(ErrorInfo) -> PaginatedResult<PresenceMessage> {
    try await channel.engine.rest.channel(channel.name).presence
      .history(start: start, end: end, direction: direction, limit: limit)
  }
}
