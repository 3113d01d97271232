/// What a channel tells its listeners about (RTL2).
public enum ChannelEvent: Sendable, Hashable {
  /// Another state was entered (RTL2a).
  case state(ChannelState)
  /// Something about the channel changed and its state did not (RTL2g).
  case update
}
