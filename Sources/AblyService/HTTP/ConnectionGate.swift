internal import AblyTokens
internal import NIOCore
internal import Synchronization

/// Lets sockets in as long as there are not too many.
final class ConnectionGate: Sendable {
  private let count: Locked<ConnectionCount>
  private let metrics: ServiceMetrics

  init(_ limits: ServerLimits, metrics: ServiceMetrics) {
    count = Locked(ConnectionCount(limits))
    self.metrics = metrics
  }

  /// Whether a socket that was just accepted may stay. One that stays counts until it is closed.
  func admits(_ channel: any Channel) -> Bool {
    let network = PeerNetwork(channel.remoteAddress)
    let isAdmitted = count.withLock { $0.admit(network) }
    metrics.socketOpened(admitted: isAdmitted)
    guard isAdmitted else { return false }
    channel.closeFuture.whenComplete { [self] _ in
      count.withLock { $0.leave(network) }
      metrics.socketClosed()
    }
    return true
  }
}
