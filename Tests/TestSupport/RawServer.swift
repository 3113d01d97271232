internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A loopback server that answers bytes with bytes, for peers that misbehave.
package struct RawServer: Sendable {
  /// What is done with a request once it is complete.
  package enum Behaviour: Sendable {
    /// Answer, then wait for the next one.
    case answer(String)
    /// Begin an answer and hang.
    case hang(String)
    /// Begin an answer and hang up.
    case hangUp(String)
    /// Begin an answer that does not end as long as anybody reads it.
    case flood(String)
  }

  package let port: Int
  private let state: Mutexed<(requests: [String], connections: Int)>

  /// The requests that came, each with its body.
  package var requests: [String] { state.withLock { $0.requests } }

  /// How many connections were made.
  package var connections: Int { state.withLock { $0.connections } }

  /// Serves as long as `body` runs.
  package static func run<Result: Sendable>(
    _ behaviour: Behaviour, onRequest: @escaping @Sendable () -> Void = {},
    _ body: (RawServer) async throws -> Result
  ) async throws -> Result {
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let server = RawServer(
      port: listener.channel.localAddress?.port ?? 0, state: Mutexed(([String](), 0)))
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await withThrowingDiscardingTaskGroup { connections in
          try await listener.executeThenClose { inbound in
            for try await connection in inbound {
              server.state.withLock { $0.connections += 1 }
              connections.addTask {
                try? await server.serve(connection, behaviour, onRequest)
              }
            }
          }
        }
      }
      defer { group.cancelAll() }
      return try await body(server)
    }
  }

  private func serve(
    _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ behaviour: Behaviour,
    _ onRequest: @Sendable () -> Void
  ) async throws {
    try await connection.executeThenClose { inbound, outbound in
      var text = ""
      var parts = inbound.makeAsyncIterator()
      while let part = try await parts.next() {
        text += String(buffer: part)
        guard Self.isComplete(text) else { continue }
        state.withLock { $0.requests.append(text) }
        text = ""
        onRequest()
        switch behaviour {
        case .answer(let answer): try await outbound.write(ByteBuffer(string: answer))
        case .hang(let start):
          try await outbound.write(ByteBuffer(string: start))
          while try await parts.next() != nil {}
        case .flood(let start):
          try await outbound.write(ByteBuffer(string: start))
          let more = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 16)
          while true { try await outbound.write(more) }
        case .hangUp(let start):
          try await outbound.write(ByteBuffer(string: start))
          return
        }
      }
    }
  }

  private static func isComplete(_ text: String) -> Bool {
    guard let end = text.firstRange(of: "\r\n\r\n") else {
      return !text.hasPrefix("GET") && !text.hasPrefix("POST")
    }
    let length = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
      .first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst("content-length:".count).trimmingPrefix(" ")) }
    return text[end.upperBound...].utf8.count >= length ?? 0
  }
}
