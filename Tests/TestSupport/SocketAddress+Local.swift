package import NIOCore

extension SocketAddress {
  /// Where a client of a test connects to.
  ///
  /// An address, not a name: whoever looks a name up takes a socket that is closed at once for one that does not open,
  /// and waits for ten seconds.
  package static func local(port: Int, host: String = "127.0.0.1") throws -> SocketAddress {
    try makeAddressResolvingHost(host, port: port)
  }
}
