internal import AblyTokens
internal import NIOCore
internal import Synchronization

/// Lets connections in as long as there are not too many.
final class ConnectionGate: Sendable {
  private let count: Locked<ConnectionCount>

  init(_ configuration: EndpointServerConfiguration) {
    count = Locked(
      ConnectionCount(
        most: configuration.maximumConnections, mostOfPeer: configuration.maximumConnectionsPerAddress))
  }

  /// Whether a connection that was just accepted may stay. One that stays counts until it is closed.
  func admits(_ channel: any Channel) -> Bool {
    let peer = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
    guard count.withLock({ $0.admit(peer) }) else { return false }
    channel.closeFuture.whenComplete { [self] _ in count.withLock { $0.leave(peer) } }
    return true
  }
}
