/// One WebSocket, as the client has it.
public protocol RealtimeSocket: Sendable {
  /// Sends a frame after those before it. One that cannot be sent is dropped: the end of the socket tells.
  func send(_ frame: RealtimeFrame)

  /// Closes the socket, whatever state it is in. Nobody is told of its end.
  func close()
}
