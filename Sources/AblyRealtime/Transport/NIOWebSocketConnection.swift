internal import AblyAuth
internal import AblyTokens
internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// One WebSocket on a channel of SwiftNIO.
final class NIOWebSocketConnection: RealtimeSocket {
  private struct State: Sendable {
    var channel: (any Channel)?
    /// Whether there is a connection below it.
    var isConnected = false
    /// Whether frames may go out.
    var isOpen = false
    /// Whether whoever opened it is told nothing any more.
    var isOver = false
    /// What the event loop has yet to send.
    var frames: [RealtimeFrame] = []
    var isSending = false
  }

  private let state = Locked(State())
  private let receive: @Sendable (RealtimeSocketEvent) -> Void

  init(_ receive: @escaping @Sendable (RealtimeSocketEvent) -> Void) { self.receive = receive }

  // MARK: The client's side

  /// Frames that come while the event loop is busy go out together.
  func send(_ frame: RealtimeFrame) {
    let channel: (any Channel)? = state.withLock { state in
      guard state.isOpen, !state.isOver else { return nil }
      state.frames.append(frame)
      defer { state.isSending = true }
      return state.isSending ? nil : state.channel
    }
    channel?.eventLoop.execute { self.flush() }
  }

  func close() {
    let (channel, wasOpen) = state.withLock { state in
      state.isOver = true
      return (state.channel, state.isOpen)
    }
    guard let channel else { return }
    channel.eventLoop.execute {
      if wasOpen {
        self.flush()
        var code = channel.allocator.buffer(capacity: 2)
        code.write(webSocketErrorCode: .normalClosure)
        channel.writeAndFlush(
          WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: code), promise: nil)
      }
      channel.close(promise: nil)
    }
  }

  private func flush() {
    let (channel, frames) = state.withLock { state in
      defer {
        state.frames = []
        state.isSending = false
      }
      return (state.channel, state.frames)
    }
    guard let channel, !frames.isEmpty else { return }
    for frame in frames {
      channel.write(
        WebSocketFrame(
          fin: true, opcode: frame.isText ? .text : .binary, maskKey: .random(),
          data: channel.allocator.buffer(bytes: frame.bytes)), promise: nil)
    }
    channel.flush()
  }

  // MARK: The channel's side

  func begins(on channel: any Channel) {
    let isOver = state.withLock { state in
      state.channel = channel
      return state.isOver
    }
    if isOver { channel.close(promise: nil) }
  }

  func connected() { state.withLock { $0.isConnected = true } }

  /// Where there was no connection, whoever tried to make one knows better why.
  func upgradeFailed(_ failure: HTTPFailure) {
    if state.withLock(\.isConnected) { ended(failure) }
  }

  func opened(_ channel: any Channel, _ maximumFrameSize: Int) throws {
    try channel.pipeline.syncOperations.addHandlers(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: maximumFrameSize),
      NIOWebSocketHandler(self))
    state.withLock { $0.isOpen = true }
    // A peer that hung up along with its answer did so before the handlers were there to see it. The frames that
    // came before are handed on right after this.
    channel.closeFuture.whenComplete { _ in channel.eventLoop.execute { self.ended(.closed(code: nil)) } }
  }

  func received(_ event: RealtimeSocketEvent) {
    guard !state.withLock(\.isOver) else { return }
    receive(event)
  }

  func ended(_ end: RealtimeSocketEnd) {
    let wasOver = state.withLock { state in
      defer { state.isOver = true }
      return state.isOver
    }
    if !wasOver { receive(.ended(end)) }
  }

  func ended(_ failure: HTTPFailure) { ended(.failed(failure)) }
}
