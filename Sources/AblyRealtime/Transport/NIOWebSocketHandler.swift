internal import AblyAuth
internal import AblyTokens
internal import NIOCore
internal import NIOWebSocket

/// Turns frames of a WebSocket into events, and answers those that are the WebSocket's own.
final class NIOWebSocketHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let socket: NIOWebSocketConnection
  /// Behind what makes frames of bytes: what is written there is bytes already.
  private var bytes: ChannelHandlerContext?

  init(_ socket: NIOWebSocketConnection) { self.socket = socket }

  func handlerAdded(context: ChannelHandlerContext) {
    bytes = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { bytes = nil }

  /// Sends frames together, in one buffer.
  func write(_ frames: [RealtimeFrame]) {
    guard let bytes else { return }
    let size = frames.reduce(0) { $0 + $1.bytes.count + ByteBuffer.frameOverhead }
    var buffer = bytes.channel.allocator.buffer(capacity: size)
    for frame in frames { buffer.write(frame, key: RandomWord.next()) }
    bytes.writeAndFlush(NIOAny(buffer), promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { socket.flush() }
    context.fireChannelWritabilityChanged()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text, .binary:
      let bytes = Array(frame.unmaskedData.readableBytesView)
      socket.received(.frame(RealtimeFrame(isText: frame.opcode == .text, bytes: bytes)))
    case .ping:
      // A peer that asks and does not read gets no more answers than it takes.
      if context.channel.isWritable { write(context, .pong, frame.unmaskedData) }
      socket.received(.activity)
    case .pong: socket.received(.activity)
    case .connectionClose: closes(context, frame.unmaskedData)
    default:
      socket.ended(HTTPFailure(.malformed, "a frame has an unknown opcode"))
      context.close(promise: nil)
    }
  }

  private func closes(_ context: ChannelHandlerContext, _ data: ByteBuffer) {
    var rest = data
    let code = rest.readWebSocketErrorCode().map { Int(UInt16(webSocketErrorCode: $0)) }
    write(context, .connectionClose, data.getSlice(at: data.readerIndex, length: min(2, data.readableBytes)))
    socket.ended(.closed(code: code))
    context.close(promise: nil)
  }

  private func write(_ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ data: ByteBuffer?) {
    let frame = WebSocketFrame(
      fin: true, opcode: opcode, maskKey: .random(),
      data: data ?? context.channel.allocator.buffer(capacity: 0))
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    socket.ended(.closed(code: nil))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    socket.ended(HTTPFailure(webSocket: error))
    if let error = error as? NIOWebSocketError {
      var code = context.channel.allocator.buffer(capacity: 2)
      code.write(webSocketErrorCode: WebSocketErrorCode(error))
      write(context, .connectionClose, code)
    }
    context.close(promise: nil)
  }
}

extension WebSocketErrorCode {
  /// What the peer is told of its mistake.
  fileprivate init(_ error: NIOWebSocketError) {
    switch error {
    case .invalidFrameLength: self = .messageTooLarge
    default: self = .protocolError
    }
  }
}

extension HTTPFailure {
  /// Sorts what the frames' codec throws, and the layers below it.
  fileprivate init(webSocket error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength,
      NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
      NIOWebSocketFrameAggregator.Error.tooManyFragments:
      self.init(.tooLarge, "a frame is too large")
    case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error:
      self.init(.malformed, "the frames are malformed")
    default: self.init(error)
    }
  }
}
