internal import NIOCore
internal import NIOHTTP1

/// Lets nothing but a WebSocket handshake for `/` ask for another protocol, and nothing through behind one.
///
/// NIO's upgrade handler loses a request whose offer nobody takes, such as the `Upgrade: h2c` that curl and
/// Java send. Without the header it is a request like any other, the last one of its connection: NIO's decoder
/// reads nothing further from one that made an offer. Were it to read on, a request behind a handshake would be taken for
/// a frame, which ends the process.
final class UpgradeFilter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  private enum State {
    case requests
    case handshake
    case over
  }

  private var state = State.requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (state, unwrapInboundIn(data)) {
    case (.over, _): break
    case (.handshake, .end):
      state = .over
      context.fireChannelRead(data)
    case (.requests, .head(let head)) where Self.isHandshake(head):
      state = .handshake
      context.fireChannelRead(data)
    case (_, .head(var head)) where head.headers.contains(name: "upgrade"):
      head.headers.remove(name: "upgrade")
      head.headers.replaceOrAdd(name: "connection", value: "close")
      context.fireChannelRead(wrapInboundOut(.head(head)))
    default: context.fireChannelRead(data)
    }
  }

  /// Whether a request is a handshake: one without a body, for which nobody would wait then.
  static func isHandshake(_ head: HTTPRequestHead) -> Bool {
    head.method == .GET && (head.uri == "/" || head.uri.hasPrefix("/?"))
      && names(head.headers[canonicalForm: "connection"], "upgrade")
      && names(head.headers[canonicalForm: "upgrade"], "websocket")
      && head.headers["sec-websocket-version"] == ["13"] && head.headers["sec-websocket-key"].count == 1
      && !head.headers.contains(name: "transfer-encoding")
      && head.headers["content-length"].allSatisfy { $0 == "0" }
  }

  private static func names(_ values: [Substring], _ name: String) -> Bool {
    values.contains { $0.lowercased() == name }
  }
}
