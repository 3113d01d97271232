internal import AblyTokens

/// What a server takes from its peers before it gives up on them.
///
/// The usual limits are safe on an address that others can reach, and wide enough for every official client.
public struct ServerLimits: Sendable, Hashable {
  /// The most that all header fields of a request may take, in bytes: 80 KiB, room for a token of 32 KiB in
  /// base64. A request with more is answered with 400 and its connection closed.
  public var headerBytes = 80 * 1024

  /// The most header fields of a request, 256.
  public var headerCount = 256

  /// The largest body, in bytes: 512 KiB. A publish of 64 KiB takes at most six times as much in JSON, where a
  /// control character is written as `\u0001`. A larger one is refused with 40009.
  public var bodyBytes = 512 * 1024

  /// How deep arrays and objects of a body may lie in each other, 64. A deeper one is refused with 40000.
  public var depth = 64

  /// The most sockets at a time, 20 000. Further ones are closed at once.
  public var connections = 20_000

  /// The most sockets of one address at a time, 1000: of an IPv6 address, those of its network of 64 bits.
  public var connectionsPerAddress = 1000

  /// Whether ``connectionsPerAddress`` is for this very machine too, from where tests and proxies connect.
  public var countsLoopback = false

  /// How long a socket may take to its first request, TLS included, and so to authenticate: 10 s.
  public var firstRequestTimeout: Duration = .seconds(10)

  /// How long a request may take from its head to the end of its body, and a frame of a WebSocket with all its
  /// fragments, however steadily it drips in: 30 s.
  public var requestTimeout: Duration = .seconds(30)

  /// How long a client may take to read an answer, from its head to its end: 60 s.
  public var responseTimeout: Duration = .seconds(60)

  /// How long a peer may take nothing at all of what waits to be sent to it: 30 s.
  public var writeTimeout: Duration = .seconds(30)

  /// How long a client may take to close its end once the last of what it is told has left this machine: over a
  /// WebSocket from when it is said.
  var closingTime: Duration = .seconds(2)

  /// How long the client of a WebSocket may give no sign of life, though it is asked with a ping after half of the
  /// time: 60 s.
  public var silenceTimeout: Duration = .seconds(60)

  /// The usual limits.
  public init() {}
}

extension ServerLimits {
  /// - Throws: 40003 for a limit that would let nobody in, or a time that is none.
  func check() throws(ErrorInfo) {
    let most = Int(Int32.max)
    for (name, value, most) in [
      ("headerBytes", headerBytes, most), ("headerCount", headerCount, most), ("bodyBytes", bodyBytes, most),
      // More levels than this would be read at the risk of the stack.
      ("depth", depth, 256), ("connections", connections, most),
      ("connectionsPerAddress", connectionsPerAddress, most),
    ] { try LimitCheck.size(name, value, atMost: most) }
    for (name, value) in [
      ("firstRequestTimeout", firstRequestTimeout), ("requestTimeout", requestTimeout),
      ("responseTimeout", responseTimeout), ("writeTimeout", writeTimeout),
      ("silenceTimeout", silenceTimeout),
    ] { try LimitCheck.time(name, value) }
  }
}
