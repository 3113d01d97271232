public import AblyRealtime
internal import AblyTokens
internal import Synchronization

/// Sockets without a network: a test takes each that a client opens, and plays the service on it.
public final class InMemoryRealtimeTransport: RealtimeTransport {
  private let opened = Mailbox<InMemoryRealtimeSocket>()
  private let all = Locked<[InMemoryRealtimeSocket]>([])

  /// A transport on which nobody has opened a socket.
  public init() {}

  /// All sockets that were ever opened, the earliest first.
  public var sockets: [InMemoryRealtimeSocket] { all.withLock { $0 } }

  /// The socket that is opened next, after those that were taken. `nil` when the task is cancelled.
  public func nextSocket() async -> InMemoryRealtimeSocket? { await opened.take() }

  /// Opens a socket; see `RealtimeTransport`.
  public func open(
    _ request: RealtimeRequest, receive: @escaping @Sendable (RealtimeSocketEvent) -> Void
  ) -> any RealtimeSocket {
    let socket = InMemoryRealtimeSocket(request, receive)
    all.withLock { $0.append(socket) }
    opened.put(socket)
    return socket
  }
}
