public import AblyTokens
internal import Synchronization

/// The channels of a client (RTS).
public struct RealtimeChannels: Sendable {
  let engine: RealtimeEngine

  /// A channel by its name, made where there is none (RTS3a).
  public func get(_ name: String) -> RealtimeChannel {
    engine.room.withLock { _ = $0.channelNames.insert(name) }
    return RealtimeChannel(name: name, engine: engine)
  }

  /// A channel by its name, with options (RTS3b, RTS3c).
  ///
  /// - Throws: 40000 when the channel would have to attach again for them: call
  ///   ``RealtimeChannel/setOptions(_:)`` (RTS3c1).
  public func get(_ name: String, options: RealtimeChannelOptions) throws(ErrorInfo) -> RealtimeChannel {
    let channel = get(name)
    let others = engine.read { $0.channels[name]?.options }
    guard options != others else { return channel }
    let isAttached = [.attaching, .attached].contains(channel.state)
    if isAttached, let others, options.concernAttachment(insteadOf: others) {
      throw ErrorInfo(
        .badRequest, "the channel would have to attach again for these options",
        remedy: "Call setOptions, which tells when it has.")
    }
    engine.handle(.channel(name, .configure(options, engine.newTicket())))
    return channel
  }

  /// A channel by its name, as ``get(_:)`` (RTS3a).
  public subscript(name: String) -> RealtimeChannel { self.get(name) }

  /// Whether a channel of this name was asked for (RTS2).
  public func exists(_ name: String) -> Bool { names.contains(name) }

  /// The names of all channels that were asked for (RTS2).
  public var names: Set<String> {
    engine.room.withLock { $0.channelNames.union($0.machine.channels.keys) }
  }

  /// Detaches a channel and forgets it (RTS4). Sequences of what comes on it end.
  ///
  /// - Throws: what ``RealtimeChannel/detach()`` throws, but for 90001: a channel that failed is released as any other.
  public func release(_ name: String) async throws(ErrorInfo) {
    guard exists(name) else { return }
    _ = try await engine.call(name) { .release($0) }
  }
}
