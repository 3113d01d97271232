internal import AblyTokens
internal import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1
internal import Testing

@testable internal import AblyTokenEndpoint

/// One connection without a socket, so that a test decides when its peer reads.
@Suite struct EndpointHandlerTests {
  private func open(_ desk: Desk? = nil) throws -> EmbeddedChannel {
    let (_, waiting) = AsyncStream.makeStream(of: WaitingRequest.self)
    let site = EndpointSite(try (desk ?? Desk()).endpoint, path: "/auth", metrics: nil)
    let channel = EmbeddedChannel(
      handler: EndpointHandler(site: site, idleTimeout: .seconds(60), waiting: waiting))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private func begin(
    _ path: String, on channel: EmbeddedChannel, _ method: HTTPMethod = .GET, _ fields: HTTPHeaders = [:]
  ) throws {
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: fields)
    try channel.writeInbound(HTTPServerRequestPart.head(head))
  }

  private func ask(_ path: String, on channel: EmbeddedChannel) throws {
    try begin(path, on: channel)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
  }

  private func written(_ channel: EmbeddedChannel) throws -> String {
    var text = ""
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
    return text
  }

  private func answers(_ text: String) -> Int { text.split(separator: "HTTP/1.1 ").count }

  @Test("a peer who reads nothing gets no more answers, and all of them in order once it reads again")
  func backPressure() throws {
    let channel = try open()
    try ask("/health", on: channel)
    #expect(answers(try written(channel)) == 1)
    channel.isWritable = false
    channel.pipeline.fireChannelWritabilityChanged()
    for path in ["/health", "/nothing", "/health"] { try ask(path, on: channel) }
    #expect(try written(channel).isEmpty)
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    let text = try written(channel)
    let statuses = text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
    #expect(statuses == ["200", "404", "200"])
    _ = try? channel.finish()
  }

  @Test("a request that has begun to arrive when the server stops is answered, and is the last")
  func shutdown() throws {
    let channel = try open()
    try begin("/health", on: channel)
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    // One that begins later is not.
    try ask("/health", on: channel)
    let text = try written(channel)
    #expect(answers(text) == 1)
    #expect(text.contains("200 OK") && text.contains("Connection: close"))
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  @Test("one that never becomes whole does not keep the server from stopping")
  func unfinished() throws {
    let channel = try open()
    try begin("/auth", on: channel, .POST, ["Content-Length": "10"])
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    channel.embeddedEventLoop.advanceTime(by: .seconds(9))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  @Test("nobody who waits for nothing keeps it from stopping either")
  func quiet() throws {
    let channel = try open()
    try ask("/health", on: channel)
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(!channel.isActive)
  }

  @Test("a connection that stands still is closed after the time that was set, and not after twice that time")
  func idle() throws {
    let channel = try open()
    channel.embeddedEventLoop.advanceTime(by: .seconds(30))
    try ask("/health", on: channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(59))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  @Test("the connection ends with the answer that says so, whatever the peer has begun since")
  func close() throws {
    let channel = try open()
    try begin("/health", on: channel, .GET, ["Connection": "close"])
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    try begin("/health", on: channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(answers(try written(channel)) == 1)
    #expect(!channel.isActive)
  }
}
