public import AblyAuth
public import AblyTokens
public import AblyWire

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension RealtimeChannel {
  /// Publishes one message of a name and data, either of which may be absent (RTL6i).
  ///
  /// - Throws: as ``publish(_:params:)-([Message],_)``.
  @discardableResult
  public func publish(name: String?, data: MessageData?) async throws(ErrorInfo) -> PublishResult {
    try await send([Message(name: name, data: data)], [:])
  }

  /// Publishes one message (RTL6i).
  ///
  /// - Throws: as ``publish(_:params:)-([Message],_)``.
  @discardableResult
  public func publish(
    _ message: Message, params: [String: String] = [:]
  ) async throws(ErrorInfo) -> PublishResult {
    try await send([message], params)
  }

  /// Publishes messages together, all or none (RTL6i), and waits until the service has confirmed them (RTL6b).
  /// The channel need not be attached. Without a connection they wait for the one that is about to be made,
  /// unless `ClientOptions.queueMessages` is off (RTL6c).
  ///
  /// A message without a client id goes out under the client's own (RTL6g1).
  ///
  /// - Parameters:
  ///   - messages: at least one.
  ///   - params: what to tell the service along with them (RSL1l).
  /// - Throws: 40012 for a client id that is not the client's own (RTL6g3); 40009 when they are larger than
  ///   the service takes, or `ClientOptions.maxMessageSize` as long as it has not said so (RSL1i, CD2c);
  ///   42911 when 65 536 calls, or 64 MiB, wait to be sent or confirmed already; 40013 for data that no
  ///   message can carry, 40030 without a message; the service's refusal, such as
  ///   40160; why there is neither a connection nor an attempt (RTL6c4); 40033 when the task is cancelled:
  ///   they may be published all the same.
  @discardableResult
  public func publish(
    _ messages: [Message], params: [String: String] = [:]
  ) async throws(ErrorInfo) -> PublishResult {
    try await send(messages, params)
  }

  private nonisolated(nonsending) func send(
    _ messages: [Message], _ params: [String: String]
  ) async throws(ErrorInfo) -> PublishResult {
    let answer = try await engine.call(name) { .publish(messages, params: params, $0) }
    guard case .published(let serials) = answer else { return PublishResult(serials: []) }
    return PublishResult(serials: serials)
  }

  /// The messages that come from now on, all or those of some names (RTL7). Attaches the channel, unless its
  /// options say otherwise (RTL7g); whether that succeeded, ``attach()`` or ``events`` tells.
  ///
  /// - Parameters:
  ///   - names: which to have; all where it is empty.
  ///   - limit: how many may wait to be read. With more, or with more than about 64 MiB of memory, the sequence
  ///     ends with an error.
  public func subscribe(_ names: String..., limit: Int = 16_384) -> ChannelSequence<Message> {
    let wanted = Set(names)
    return engine.listen(to: name, \.messages, isOfMessages: true, limit: limit) { message in
      wanted.isEmpty || message.name.map(wanted.contains) ?? false
    }
  }

  /// The messages that were published (RTL10), asked for over HTTP.
  ///
  /// - Parameters:
  ///   - start: the time of the earliest message to give, not after `end`.
  ///   - end: the time of the latest message to give.
  ///   - direction: the order; backwards where it is absent.
  ///   - limit: how many messages a page has at most, 1 to 1000; 100 where it is absent.
  ///   - untilAttach: whether to end where the present attachment began, so that nothing is given that comes,
  ///     or came, by ``subscribe(_:limit:)`` (RTL10b).
  /// - Throws: 90001 for `untilAttach` on a channel that is not attached; else as
  ///   `RESTChannel.history(start:end:direction:limit:)`.
  public func history(
    start: Date? = nil, end: Date? = nil, direction: HistoryDirection? = nil, limit: Int? = nil,
    untilAttach: Bool = false
  ) async throws(ErrorInfo) -> PaginatedResult<Message> {
    let channel = engine.rest.channel(name)
    guard untilAttach else {
      return try await channel.history(start: start, end: end, direction: direction, limit: limit)
    }
    let serial = engine.read { machine in
      machine.channels[name].flatMap { $0.state == .attached ? $0.attachSerial : nil }
    }
    guard let serial else {
      throw ErrorInfo(
        .invalidChannelState, "the channel is not attached",
        remedy: "Attach it first, or ask for the history without untilAttach.")
    }
    return try await channel.history(
      start: start, end: end, direction: direction, limit: limit, before: serial)
  }
}
