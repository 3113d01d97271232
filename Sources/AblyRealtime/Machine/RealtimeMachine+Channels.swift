internal import AblyTokens
internal import AblyWire

extension RealtimeMachine {
  /// Somebody asks something of a channel, which is made where there is none (RTS3a).
  mutating func channel(_ name: String, _ request: ChannelRequest) {
    if channels[name] == nil { channels[name] = ChannelMachine(name) }
    withChannel(name) { $0.handle(request, $1) }
  }

  /// Nothing happens for a channel that does not exist: frames make none.
  mutating func withChannel(
    _ name: String, _ body: (inout ChannelMachine, ChannelContext) -> Void
  ) {
    // In its place: a channel is much to take out and put back for every message.
    guard let place = channels.index(forKey: name) else { return }
    let context = channelContext
    let before = channels.values[place].heldLoad
    let actions = channels.values[place].handle { body(&$0, context) }
    held = held - before + channels.values[place].heldLoad
    for action in actions { perform(action, on: name) }
  }

  /// All of them, in an order that does not depend on chance.
  mutating func withChannels(_ body: (inout ChannelMachine, ChannelContext) -> Void) {
    for name in channels.keys.sorted() { withChannel(name, body) }
  }

  private var channelContext: ChannelContext {
    ChannelContext(
      connection: state, connectionId: id, errorReason: errorReason, moment: moment, settings: settings,
      load: outbox.load + held, limits: limits)
  }

  /// What the service has named (CD2c, CD2d), over what the options say (TO3l8, TO3l9).
  var limits: ServiceLimits {
    ServiceLimits(
      messageSize: details.maxMessageSize ?? settings.maxMessageSize,
      frameSize: details.maxFrameSize ?? settings.maxFrameSize)
  }

  private mutating func perform(_ action: ChannelAction, on name: String) {
    switch action {
    case .send(let message): emit(.send(message))
    case .submit(let entry): submit(entry)
    case .drop(let entry, let error): settle(entry, .failure(error))
    case .deadline(let deadline, let wait):
      deadlines[.channel(name, deadline)] = wait.map { moment.uptime + $0 }
    case .changed(let change): emit(.channelChanged(name, change))
    case .messages(let messages): emit(.messages(name, messages))
    case .presence(let messages): emit(.presence(name, messages))
    case .complete(let ticket, let result): emit(.complete(ticket, result))
    case .warn(let error): emit(.warn(error))
    case .release:
      channels[name] = nil
      emit(.released(name))
    }
  }
}
