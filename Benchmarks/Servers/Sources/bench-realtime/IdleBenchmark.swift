internal import AblyAuth
internal import AblyRealtime
internal import Measuring
internal import NIOCore

/// What an idle client takes of memory, beside a bare WebSocket to the same service, which is in another process.
struct IdleBenchmark {
  let options: ClientOptions
  let key: String

  private static let clients = 200

  func run() async throws {
    // One first, so that what is made once is not counted.
    try await hold(1) { _ in }
    guard let start = residentKiB() else { return print("memory: not known here") }
    var sockets: [any Channel] = []
    for _ in 0..<Self.clients {
      sockets.append(
        try await RawWebSocket.connect(to: options.port, path: "/?key=\(key)&format=msgpack&v=6") {
          IgnoringHandler()
        })
    }
    let bare = ((residentKiB() ?? start) - start) / Self.clients
    try await hold(Self.clients) { before in
      guard let before, let after = residentKiB() else { return }
      print(
        "memory: \((after - before) / Self.clients) KiB a connected client, a bare WebSocket \(bare) KiB,",
        "\(Self.clients) of each, the service in another process")
    }
    for socket in sockets { try await socket.close() }
  }

  private func hold(_ count: Int, _ body: (Int?) -> Void) async throws {
    let before = residentKiB()
    var clients: [RealtimeClient] = []
    for _ in 0..<count { clients.append(try RealtimeClient(options: options)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in clients { group.addTask { try await client.run() } }
      for client in clients { try await client.connection.whenState(.connected) }
      body(before)
      group.cancelAll()
    }
  }
}

private final class IgnoringHandler: ChannelInboundHandler {
  typealias InboundIn = NIOAny

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
