/// A WebSocket to open. Printing it leaves out the credentials.
public struct RealtimeRequest: Sendable, Hashable {
  /// Whether it goes over TLS.
  public var isSecure: Bool

  /// A name or an address; an IPv6 address stands without its brackets.
  public var host: String

  /// The port.
  public var port: Int

  /// What stands in the `Host` header field.
  public var authority: String

  /// The path and the query, which holds the credentials.
  public var target: String

  /// Further header fields of the request, such as `Ably-Agent` (RSC7d2).
  public var headers: [String: String]

  /// The largest frame that is taken, in bytes, also when it comes in parts.
  public var maximumFrameSize: Int

  /// Describes a socket.
  public init(
    isSecure: Bool, host: String, port: Int, authority: String, target: String,
    headers: [String: String] = [:], maximumFrameSize: Int = 4 << 20
  ) {
    self.isSecure = isSecure
    self.host = host
    self.port = port
    self.authority = authority
    self.target = target
    self.headers = headers
    self.maximumFrameSize = maximumFrameSize
  }
}

extension RealtimeRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where it goes.
  public var description: String { "RealtimeRequest(\(isSecure ? "wss" : "ws")://\(authority))" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows what ``description`` shows.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
