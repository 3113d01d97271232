internal import NIOCore
internal import NIOHTTP1

/// Answers 400 where a connection begins with what is no HTTP, or with more header fields than are read, and ends it.
///
/// Later in a connection ``HTTPHandler`` does that, in the order of the requests.
final class MalformedRequests: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let closingTime: TimeAmount
  private var isEnding = false

  /// - Parameter closingTime: how long a client may take to read the answer and to close its end.
  init(_ closingTime: TimeAmount) {
    self.closingTime = closingTime
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.fireErrorCaught(error) }
    guard !isEnding else { return }
    isEnding = true
    var head = HTTPFront.malformed.head
    head.headers.add(name: "Connection", value: "close")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    Lingering.close(context, within: closingTime) { false }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isEnding, case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }
}
