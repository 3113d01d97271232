/// How much a JWKS may cost, and how long it is believed.
public struct KeySetLimits: Sendable, Hashable {
  /// After how long it is fetched again, to learn of keys that were added or taken away.
  public var freshness: Duration

  /// How long it is used when it cannot be fetched again.
  public var staleness: Duration

  /// How long two fetches lie apart at least, whatever tokens ask for.
  public var pause: Duration

  /// How long a fetch may take.
  public var timeout: Duration

  /// The most bytes that are read.
  public var maximumBytes: Int

  /// The most keys that are kept.
  public var maximumKeys: Int

  /// Ten minutes fresh, a day usable, ten seconds apart, three seconds, 256 KiB and 100 keys.
  public init(
    freshness: Duration = .seconds(600), staleness: Duration = .seconds(86_400),
    pause: Duration = .seconds(10),
    timeout: Duration = .seconds(3), maximumBytes: Int = 256 * 1024, maximumKeys: Int = 100
  ) {
    self.freshness = freshness
    self.staleness = staleness
    self.pause = pause
    self.timeout = timeout
    self.maximumBytes = maximumBytes
    self.maximumKeys = maximumKeys
  }
}
