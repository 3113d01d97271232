internal import Measuring
internal import NIOCore
internal import NIOPosix
internal import NIOWebSocket

/// Many clients of one server.
struct Crowd: Sendable {
  let channels: [any Channel]

  /// Frames of some size that come after the greeting.
  let arrivals: Arrivals

  private static let atOnce = 64

  /// Connects so many. At any path but `/` each waits until it is greeted.
  ///
  /// - Parameter smallest: from what size on frames count.
  static func connect(_ count: Int, to port: Int, path: String, counting smallest: Int = 0) async throws
    -> Crowd
  {
    let arrivals = Arrivals()
    let channels = try await withThrowingTaskGroup(of: (any Channel).self) { group in
      var channels: [any Channel] = []
      for number in 0..<count {
        if number >= atOnce, let channel = try await group.next() { channels.append(channel) }
        group.addTask { try await connect(number, to: port, path, smallest, arrivals) }
      }
      for try await channel in group { channels.append(channel) }
      return channels
    }
    return Crowd(channels: channels, arrivals: arrivals)
  }

  private static func connect(
    _ number: Int, to port: Int, _ path: String, _ smallest: Int, _ arrivals: Arrivals
  ) async throws -> any Channel {
    let greeted = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Void.self)
    if path == "/" { greeted.succeed() }
    // An address has some 28,000 ports, and those of an earlier run are not free yet.
    let channel = try await RawWebSocket.connect(to: port, path: path, from: "127.0.0.\(2 + number % 8)") {
      ClientHandler(path == "/" ? nil : greeted, smallest, arrivals)
    }
    try await greeted.futureResult.get()
    return channel
  }

  /// - Throws: where the server has closed the connection of one of them.
  func checkAllAreHere() throws {
    guard channels.allSatisfy(\.isActive) else { throw ChannelError.ioOnClosedChannel }
  }

  /// Sends each client's frame and waits for so many that count.
  func send(_ texts: [String], awaiting count: Int) async {
    let frames = texts.map { WebSocketFrame.text($0) }
    await arrivals.wait(for: count) {
      for (channel, frame) in zip(channels, frames) { channel.writeAndFlush(frame, promise: nil) }
    }
  }
}

extension WebSocketFrame {
  static func text(_ text: String) -> WebSocketFrame {
    WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: text))
  }
}

/// Tells when it is greeted, then counts.
private final class ClientHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private var greeted: EventLoopPromise<Void>?
  private let smallest: Int
  private let arrivals: Arrivals

  init(_ greeted: EventLoopPromise<Void>?, _ smallest: Int, _ arrivals: Arrivals) {
    self.greeted = greeted
    self.smallest = smallest
    self.arrivals = arrivals
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard frame.opcode == .text else { return }
    if let greeted {
      self.greeted = nil
      return greeted.succeed()
    }
    if frame.length >= smallest { arrivals.arrived() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    greeted?.fail(ChannelError.ioOnClosedChannel)
    context.fireChannelInactive()
  }
}
