internal import AblyAuth
internal import AblyTokens
internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// One WebSocket on a channel of SwiftNIO.
final class NIOWebSocketConnection: RealtimeSocket {
  private struct State: Sendable {
    var channel: (any Channel)?
    /// Those of the addresses that are tried for it, one of which becomes ``channel``.
    var attempts: [any Channel] = []
    /// What frames go out by, as soon as they may.
    var handler: NIOLoopBound<NIOWebSocketHandler>?
    /// Whether whoever opened it is told nothing any more.
    var isOver = false
    /// What the event loop has yet to send.
    var frames = WaitingFrames()
    /// Whether the event loop is about to look for frames, or does so as soon as the peer takes them.
    var isSending = false
  }

  private let state = Locked(State())
  private let receive: @Sendable (RealtimeSocketEvent) -> Void

  init(_ receive: @escaping @Sendable (RealtimeSocketEvent) -> Void) { self.receive = receive }

  // MARK: The client's side

  private enum Sending {
    case nothing
    case begins(any Channel)
    case overflows(any Channel)
  }

  /// Frames that come while the event loop is busy, or the peer takes none, go out together.
  func send(_ frame: RealtimeFrame) {
    let sending: Sending = state.withLock { state in
      guard state.handler != nil, !state.isOver, let channel = state.channel else { return .nothing }
      guard state.frames.append(frame) else { return .overflows(channel) }
      defer { state.isSending = true }
      return state.isSending ? .nothing : .begins(channel)
    }
    switch sending {
    case .nothing: break
    case .begins(let channel): channel.eventLoop.execute { self.flush() }
    case .overflows(let channel):
      ended(HTTPFailure(.broken, "the service takes nothing, and too much waits to be sent to it"))
      channel.close(promise: nil)
    }
  }

  func close() {
    let (channel, attempts, wasOpen) = state.withLock { state in
      state.isOver = true
      defer { state.attempts = [] }
      return (state.channel, state.attempts, state.handler != nil)
    }
    for attempt in attempts { attempt.close(promise: nil) }
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

  /// How much goes out in one buffer, roughly.
  private static let bufferSize = 64 << 10

  /// Sends what waits, as far as the peer takes it. On the event loop.
  func flush() {
    guard let handler = state.withLock(\.handler) else { return }
    while true {
      let frames = state.withLock { state -> [RealtimeFrame] in
        // Whoever tells that it takes more comes here again.
        guard state.channel?.isWritable == true else { return [] }
        if state.frames.isEmpty { state.isSending = false }
        return state.frames.take(Self.bufferSize)
      }
      if frames.isEmpty { return }
      handler.value.write(frames)
    }
  }

  // MARK: The channel's side

  /// An address is about to be tried. Others may be at the same time.
  ///
  /// - Throws: where nobody wants it any more.
  func tries(_ channel: any Channel) throws {
    let isOver = state.withLock { state in
      if !state.isOver { state.attempts.append(channel) }
      return state.isOver
    }
    if isOver { throw ChannelError.ioOnClosedChannel }
  }

  /// One of them answered first.
  ///
  /// - Returns: whether anybody still wants it.
  func connected(_ channel: any Channel) -> Bool {
    let isOver = state.withLock { state in
      state.channel = channel
      state.attempts = []
      return state.isOver
    }
    // A peer may hang up before there is a handler to see it.
    channel.closeFuture.whenComplete { _ in channel.eventLoop.execute { self.closed() } }
    if isOver { channel.close(promise: nil) }
    return !isOver
  }

  func opened(_ channel: any Channel, _ maximumFrameSize: Int) throws {
    let handler = NIOWebSocketHandler(self)
    try channel.pipeline.syncOperations.addHandlers(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: maximumFrameSize),
      handler)
    let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    state.withLock { $0.handler = bound }
  }

  /// The channel is gone: nothing of it is kept, so that what keeps this can go as well.
  private func closed() {
    ended(.closed(code: nil))
    state.withLock { state in
      state.handler = nil
      state.channel = nil
    }
  }

  func received(_ event: RealtimeSocketEvent) {
    guard !state.withLock(\.isOver) else { return }
    receive(event)
  }

  func ended(_ end: RealtimeSocketEnd) {
    let wasOver = state.withLock { state in
      defer { state.isOver = true }
      state.frames.clear()
      return state.isOver
    }
    if !wasOver { receive(.ended(end)) }
  }

  func ended(_ failure: HTTPFailure) { ended(.failed(failure)) }
}
