internal import AblyAuth
public import AblyRealtime
internal import AblyService

/// Carries a realtime client's frames to a service in the same process: no socket, no port.
///
/// The client's options may name any host. Frames are those that would travel, in JSON or in MessagePack.
public struct InProcessRealtimeTransport: RealtimeTransport {
  let core: ServiceCore
  let newSockets: AsyncStream<InProcessSocket>.Continuation

  /// Connects to the service; see `RealtimeTransport`. Once the service is over, nothing listens.
  public func open(
    _ request: RealtimeRequest, receive: @escaping @Sendable (RealtimeSocketEvent) -> Void
  ) -> any RealtimeSocket {
    let socket = InProcessSocket(request, receive)
    if case .enqueued = newSockets.yield(socket) { return socket }
    socket.end(.failed(HTTPFailure(.refused, "the service is over")))
    return socket
  }

  /// Serves what is opened, until the task is cancelled.
  static func serve(_ sockets: AsyncStream<InProcessSocket>, by core: ServiceCore) async {
    await withDiscardingTaskGroup { group in
      for await socket in sockets { group.addTask { await socket.serve(by: core) } }
      group.cancelAll()
    }
  }
}
