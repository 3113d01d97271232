internal import NIOCore
internal import NIOHTTP1

/// Lets nothing but a WebSocket handshake for `/` ask for another protocol.
///
/// NIO's upgrade handler loses a request whose offer nobody takes, such as the `Upgrade: h2c` that curl and
/// Java send. Without the header it is a request like any other, the last one of its connection: NIO's decoder
/// reads nothing further from one that made an offer.
final class UpgradeFilter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data), head.headers.contains(name: "upgrade"),
      !Self.isHandshake(head)
    else { return context.fireChannelRead(data) }
    head.headers.remove(name: "upgrade")
    head.headers.replaceOrAdd(name: "connection", value: "close")
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  static func isHandshake(_ head: HTTPRequestHead) -> Bool {
    head.method == .GET && head.uri.prefix { $0 != "?" } == "/"
      && head.headers["upgrade"].contains { $0.lowercased() == "websocket" }
      && head.headers["sec-websocket-version"] == ["13"] && head.headers["sec-websocket-key"].count == 1
  }
}
