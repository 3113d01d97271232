internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// All connections of a broadcast, by their event loops.
final class Audience: Sendable {
  private let members = Mutex<[ObjectIdentifier: [ObjectIdentifier: any Channel]]>([:])

  func join(_ channel: any Channel) {
    members.withLock {
      $0[ObjectIdentifier(channel.eventLoop), default: [:]][ObjectIdentifier(channel)] = channel
    }
  }

  func leave(_ channel: any Channel) {
    members.withLock {
      _ = $0[ObjectIdentifier(channel.eventLoop)]?.removeValue(forKey: ObjectIdentifier(channel))
    }
  }

  /// Sends a frame to all others, in one step on each event loop.
  func send(_ frame: WebSocketFrame, from sender: any Channel) {
    let sender = ObjectIdentifier(sender)
    for loop in members.withLock({ Array($0.values) }) {
      let channels = loop.filter { $0.key != sender }.map(\.value)
      channels.first?.eventLoop.execute {
        for channel in channels { channel.writeAndFlush(frame, promise: nil) }
      }
    }
  }
}

/// Sends whatever comes to all others.
final class BroadcastHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let audience: Audience

  init(_ audience: Audience) { self.audience = audience }

  func handlerAdded(context: ChannelHandlerContext) { audience.join(context.channel) }

  func channelInactive(context: ChannelHandlerContext) {
    audience.leave(context.channel)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    audience.send(
      WebSocketFrame(fin: true, opcode: frame.opcode, data: frame.unmaskedData), from: context.channel)
  }
}
