public import AblyTokens

/// What a service takes from each of its realtime clients before it gives up on them.
///
/// The usual limits are safe on an address that others can reach, and wide enough for every official client.
public struct RealtimeLimits: Sendable, Hashable {
  /// The largest frame, in bytes: 512 KiB. A publish of 64 KiB takes at most six times as much in JSON, where a
  /// control character is written as `\u0001`. A larger frame ends the connection with 40009; CONNECTED announces
  /// the limit (CD2d).
  public var frameBytes = 512 * 1024

  /// How deep arrays and objects of a frame may lie in each other, 64. A deeper frame ends the connection with
  /// 40000.
  public var depth = 64

  /// The most channels of one connection, 1000. A further one is refused with 90010.
  public var channels = 1000

  /// How many times a client may show credentials on its connection within 10 s, 30. Once more, and the connection
  /// ends with 42924.
  public var reauthentications = 30

  /// Whether ``reauthentications`` is for clients on this very machine too, where tests swap tokens as fast as they
  /// can.
  public var countsLoopback = false

  /// The usual limits.
  public init() {}

  /// Looks whether anybody can connect under these limits. What takes them does so by itself.
  ///
  /// - Throws: 40003 for a limit that would let nobody in, or a depth that would be read at the risk of the stack.
  public func check() throws(ErrorInfo) {
    // Twice the limit is read of a frame, so as to answer it, and it has to fit 32 bits. More levels than 256 would
    // be read at the risk of the stack.
    let most = Int(Int32.max) / 2
    for (name, value, most) in [
      ("frameBytes", frameBytes, most), ("depth", depth, 256), ("channels", channels, most),
      ("reauthentications", reauthentications, most),
    ] { try LimitCheck.size(name, value, atMost: most) }
  }
}
