/// What became of a publish (PBR1).
public struct PublishResult: Sendable, Hashable {
  /// The names the service gave the messages, in their order; `nil` for one that it discarded (PBR2a). Empty
  /// when the service names none.
  public var serials: [String?]

  /// Puts a result together.
  public init(serials: [String?]) {
    self.serials = serials
  }
}
