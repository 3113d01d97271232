/// Where a server listens.
public struct BoundAddress: Sendable, Hashable, CustomStringConvertible {
  /// The IP address, without brackets.
  public let host: String

  /// The port, the real one where a free one was asked for.
  public let port: Int

  /// Whether it speaks TLS.
  public let isSecure: Bool

  /// The address as a URL without a path, such as `http://127.0.0.1:8080`.
  public var url: String {
    "\(isSecure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  /// The same as ``url``.
  public var description: String { url }
}
