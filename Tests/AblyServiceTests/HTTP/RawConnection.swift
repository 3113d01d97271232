internal import NIOCore
internal import NIOPosix
internal import TestSupport

@testable internal import AblyService

/// A TCP connection on which a test writes what no HTTP client would.
struct RawConnection {
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private var received: [UInt8] = []

  struct Closed: Error {}

  /// - Parameter keepsEnd: whether this end stays open when the server has closed its own.
  static func open<Result: Sendable>(
    _ address: BoundAddress, keepsEnd: Bool = false,
    _ body: (inout RawConnection) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: keepsEnd)
      .connect(to: .local(port: address.port, host: address.host)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var connection = RawConnection(outbound: outbound, inbound: inbound.makeAsyncIterator())
      return try await body(&connection)
    }
  }

  func send(_ text: String) async throws {
    try await outbound.write(ByteBuffer(string: text))
  }

  func send(_ bytes: [UInt8]) async throws {
    try await outbound.write(ByteBuffer(bytes: bytes))
  }

  /// Reads one answer with a Content-Length; what follows it is kept for the next call.
  mutating func answer() async throws -> String {
    while true {
      if let end = endOfAnswer, received.count >= end {
        defer { received.removeFirst(end) }
        return String(decoding: received.prefix(end), as: UTF8.self)
      }
      guard try await read() else { throw Closed() }
    }
  }

  /// Reads until the server closes the connection.
  mutating func rest() async throws -> String {
    while try await read() {}
    defer { received = [] }
    return String(decoding: received, as: UTF8.self)
  }

  /// The same as bytes.
  mutating func restOfBytes() async throws -> [UInt8] {
    while try await read() {}
    defer { received = [] }
    return received
  }

  private var endOfAnswer: Int? {
    guard let blankLine = received.firstRange(of: "\r\n\r\n".utf8) else { return nil }
    let head = String(decoding: received[..<blankLine.lowerBound], as: UTF8.self).lowercased()
    let length = head.firstMatch(of: /\r\ncontent-length: *([0-9]+)/).flatMap { Int($0.1) }
    return blankLine.upperBound + (length ?? 0)
  }

  private mutating func read() async throws -> Bool {
    guard let bytes = try await inbound.next() else { return false }
    received += bytes.readableBytesView
    return true
  }
}
