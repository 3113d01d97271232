internal import NIOCore

/// Which addresses lead to this very machine.
enum Loopback {
  /// Whether a host to listen on is reached from this machine alone. A name other than `localhost` is not
  /// looked up: it counts as public.
  static func contains(host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    return (try? SocketAddress(ipAddress: host, port: 0)).map(contains) ?? false
  }

  static func contains(_ address: SocketAddress) -> Bool {
    switch address {
    case .v4, .v6: PeerNetwork(address).isLoopback
    case .unixDomainSocket: true
    }
  }
}
