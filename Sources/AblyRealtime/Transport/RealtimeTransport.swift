/// What opens the sockets of a realtime client.
///
/// The client decides, a transport only carries: it repeats nothing and keeps nothing. The target of a request
/// holds credentials, so a transport logs neither it nor frames.
public protocol RealtimeTransport: Sendable {
  /// Begins to open a WebSocket, and returns at once.
  ///
  /// - Parameters:
  ///   - request: where to.
  ///   - receive: is told what happens on the socket, one thing after the other. It returns soon, and may call
  ///     the socket. Nothing comes after ``RealtimeSocketEvent/ended(_:)``.
  /// - Returns: the socket, which may still be about to open.
  func open(
    _ request: RealtimeRequest, receive: @escaping @Sendable (RealtimeSocketEvent) -> Void
  ) -> any RealtimeSocket
}
