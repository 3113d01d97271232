internal import NIOCore
internal import NIOPosix
internal import TestSupport

/// One connection to a server of this machine, in bytes.
struct RawClient {
  typealias Parts = NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator

  private var parts: Parts
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

  static func run<Result: Sendable>(
    port: Int, _ body: (inout RawClient) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.socketOption(.so_rcvbuf), value: 64 * 1024)
      .connect(to: .local(port: port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var client = RawClient(parts: inbound.makeAsyncIterator(), outbound: outbound)
      return try await body(&client)
    }
  }

  func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  /// What comes next; `nil` once the server has closed.
  mutating func next() async throws -> String? { try await parts.next().map { String(buffer: $0) } }

  /// Everything until the server closes.
  mutating func rest() async throws -> String {
    var text = ""
    while let part = try await next() { text += part }
    return text
  }
}
