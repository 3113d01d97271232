/// How a channel is attached (TB1).
public struct RealtimeChannelOptions: Sendable, Hashable {
  /// What to ask of the service, such as `rewind` (TB2c).
  public var params: [String: String] = [:]

  /// What to attach for (TB2d). Empty: everything that the credentials allow.
  public var modes: Set<ChannelMode> = []

  /// Whether somebody who begins to listen attaches the channel (TB4).
  public var attachOnSubscribe = true

  /// The usual options.
  public init() {}

  /// Whether a channel that was attached with others has to be attached again for them (RTL16a).
  func concernAttachment(insteadOf others: RealtimeChannelOptions) -> Bool {
    !params.isEmpty || !modes.isEmpty || params != others.params || modes != others.modes
  }
}
