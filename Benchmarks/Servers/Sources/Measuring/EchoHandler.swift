package import NIOCore
package import NIOWebSocket

/// Sends back whatever comes.
package final class EchoHandler: ChannelInboundHandler {
  package typealias InboundIn = WebSocketFrame
  package typealias OutboundOut = WebSocketFrame

  package init() {}

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let answer = WebSocketFrame(fin: true, opcode: frame.opcode, data: frame.unmaskedData)
    context.write(wrapOutboundOut(answer), promise: nil)
  }

  package func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}
