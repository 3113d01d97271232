internal import AblyTokens
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import Measuring
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import UnixSignals

/// The floors: Hummingbird that answers a constant, and WebSockets of SwiftNIO that echo or broadcast.
enum BareServers {
  /// As long as the answer to a TokenRequest.
  private static let details = ByteBuffer(
    string: #"{"token":""# + String(repeating: "x", count: 330) + #""}"#)
  private static let nothing = ByteBuffer(string: "[]")

  static func run() async throws {
    let logger = Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })
    let echo = try await RawWebSocket.listen { EchoHandler() }
    let audience = Audience()
    let broadcast = try await RawWebSocket.listen { BroadcastHandler(audience) }
    let server = try HTTPServerBuilder.http1().buildServer(
      configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
      responder: { request, writer, _ in try await respond(to: request, through: writer) },
      onServerRunning: { channel in
        BenchService.print([
          "http": port(of: channel), "echo": port(of: echo), "broadcast": port(of: broadcast),
        ])
      })
    let group = ServiceGroup(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await group.run()
  }

  private static func port(of channel: any Channel) -> JSONValue {
    .number(JSONNumber(channel.localAddress?.port ?? 0))
  }

  private static func respond(to request: Request, through writer: consuming ResponseWriter) async throws {
    for try await _ in request.body {}
    let isPost = request.method == .post
    let body = isPost ? details : nothing
    var fields: HTTPFields = [.contentType: "application/json", .contentLength: "\(body.readableBytes)"]
    if isPost { fields[.cacheControl] = "no-store" }
    try await writer.write(
      response: HTTPResponse(status: isPost ? .created : .ok, headerFields: fields),
      body: ResponseBody(byteBuffer: body))
  }
}
