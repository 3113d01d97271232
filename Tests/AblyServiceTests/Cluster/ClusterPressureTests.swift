internal import AblyTokens
internal import AblyWire
internal import Foundation
internal import NIOCore
internal import NIOEmbedded
internal import NIOWebSocket
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// Clients that publish faster than the log of the cluster stores.
@Suite("Nodes of one cluster: what waits for the log", .endsAtLast)
struct ClusterPressureTests {
  private let key: ServiceKey

  init() throws { key = try ServiceKey(APIKey("appOne.keyRoot:rootSecret")) }

  /// A node that appends nothing yet.
  private func node() async throws -> ServiceCore {
    let keys = [StoredKey(key, origin: .given)]
    return try await ServiceCore(store: MemoryStore(isShared: true), keys: keys, clock: { Date() })
  }

  private func publish(_ serial: Int, bytes: Int = 1) -> JSONValue {
    [
      "action": 15, "channel": "a", "msgSerial": .number(JSONNumber(serial)),
      "messages": [["data": .string(String(repeating: "x", count: bytes))]],
    ]
  }

  /// Counts how often more is wanted of a socket.
  private final class Reads: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private(set) var count = 0

    func read(context: ChannelHandlerContext) {
      count += 1
      context.read()
    }
  }

  /// A client's socket without one.
  private struct Socket {
    let channel = EmbeddedChannel()
    private let reads = Reads()
    private let base: Int

    /// How often more was read.
    var readCount: Int { reads.count - base }

    init(_ core: ServiceCore, _ connection: ServiceConnection) throws {
      let front = WebSocketFront(core: core, isSecure: false, limits: ServerLimits(), logger: .silent)
      let handler = WebSocketHandler(front)
      try channel.pipeline.syncOperations.addHandlers(reads, WebSocketFrameEncoder(), handler)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      handler.begin(connection)
      base = reads.count
    }

    /// A frame comes, and then more is wanted.
    func take(_ json: JSONValue) throws {
      try channel.writeInbound(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: json.utf8)))
      channel.read()
    }

    /// Which frames were answered since this was asked last.
    func acknowledgements() throws -> [Int] {
      channel.embeddedEventLoop.run()
      var text = ""
      while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
        text += String(decoding: buffer.readableBytesView, as: UTF8.self)
      }
      return text.matches(of: /"msgSerial":([0-9]+)/).compactMap { Int($0.output.1) }
    }
  }

  /// The log has stored these.
  private func settle(_ serials: Range<Int>, _ core: ServiceCore) {
    core.realtime.perform { hub in
      for serial in serials {
        let ticket = LogTicket(
          connectionId: hub.sessions.keys.first ?? "", serial: Int64(serial), number: UInt64(serial + 1),
          count: 1)
        let position = LogPosition(sequence: Int64(serial + 1), time: 1)
        hub.settle(ticket, .success(LogReceipt(position, note: nil)), now: 0)
      }
    }
  }

  @Test(
    "a socket is not read on while so many frames wait for their answers, and is once half of them have them")
  func held() async throws {
    let core = try await node()
    let connection = await core.connect(ServiceRequest("GET", "/?v=6&key=\(key.key.revealed())"))
    try checkHold(core, connection)
  }

  // On one thread, as the channel wants it.
  private func checkHold(_ core: ServiceCore, _ connection: ServiceConnection) throws {
    let socket = try Socket(core, connection)
    let maximum = AnswerQueue.maximumCount
    for serial in 0..<maximum { try socket.take(publish(serial)) }
    #expect(socket.readCount == maximum - 1)
    socket.channel.read()
    #expect(socket.readCount == maximum - 1)
    #expect(try socket.acknowledgements().isEmpty)

    settle(0..<10, core)
    #expect(try socket.acknowledgements() == Array(0..<10), "answers are not held")
    #expect(socket.readCount == maximum - 1)
    settle(10..<maximum / 2, core)
    #expect(try socket.acknowledgements() == Array(10..<maximum / 2))
    #expect(socket.readCount == maximum)
    try socket.take(publish(maximum))
    #expect(socket.readCount == maximum + 1)

    // A few large ones are as much.
    settle(maximum / 2..<maximum + 1, core)
    for serial in maximum + 1..<maximum + 17 { try socket.take(publish(serial, bytes: 65_000)) }
    #expect(socket.readCount == maximum + 17)
    try socket.take(publish(maximum + 17, bytes: 65_000))
    #expect(socket.readCount == maximum + 17)
    settle(maximum + 1..<maximum + 18, core)
    _ = try socket.acknowledgements()
    #expect(socket.readCount == maximum + 18)
    _ = try? socket.channel.finish()
  }

  @Test("everything that a client sends meanwhile is stored and answered in its order")
  func order() async throws {
    let core = try await node()
    let count = 3000
    try await withAblyServer(core: core) { address in
      try await WebSocketClient.open(address, "/?v=6&key=\(key.key.revealed())") { socket in
        #expect(try await socket.message()?.action == .connected)
        let sender = socket.sender
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          tasks.addTask {
            for serial in 0..<count { try await sender.send(.text, publish(serial, bytes: 1000).utf8) }
          }
          try await until(core.realtime.perform { $0.sessions.values.contains { $0.answers.isFull } })
          tasks.addTask { try await core.followStore() }
          var next: Int64 = 0
          while next < count, let answer = try await socket.message() {
            #expect(answer.action == .ack)
            #expect(answer.msgSerial == next)
            next += Int64(answer.count ?? 0)
          }
          #expect(next == count)
          tasks.cancelAll()
        }
      }
    }
  }

  /// What has not become a frame yet.
  private final class Swallow: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
  }

  @Test("a frame that has begun to arrive is not late while the service does not read")
  func late() throws {
    let watch = SocketWatch(silence: .seconds(60), whole: .seconds(30))
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandlers(SocketWatch.Bytes(watch), Swallow(), watch)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    channel.read()
    try channel.writeInbound(ByteBuffer(bytes: [0x81]))
    channel.embeddedEventLoop.advanceTime(by: .seconds(100))
    #expect(channel.isActive)
    channel.read()
    channel.embeddedEventLoop.advanceTime(by: .seconds(31))
    #expect(!channel.isActive)
    _ = try? channel.finish()
  }
}
