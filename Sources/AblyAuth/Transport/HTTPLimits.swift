/// What one exchange may take.
public struct HTTPLimits: Sendable, Hashable {
  /// From the call to the last byte of the answer.
  public var timeout: Duration

  /// The largest body of an answer, in bytes; a larger one is not read to its end.
  public var maximumBodySize: Int

  /// Sets both limits.
  public init(timeout: Duration, maximumBodySize: Int) {
    self.timeout = timeout
    self.maximumBodySize = maximumBodySize
  }
}
