#if Postgres
  internal import AblyRealtime
  internal import AblyTokens
  internal import AblyWire
  internal import Synchronization

  /// A realtime client of a node, frame by frame, so that a test decides where and when it connects.
  final class NodeClient: Sendable {
    private let socket: any RealtimeSocket
    private let frames: AsyncStream<ProtocolMessage>
    private let connected = Locked(ProtocolMessage(.connected))
    private let transport = NIOWebSocketTransport(openTimeout: .seconds(300))

    /// The socket is gone.
    struct Ended: Error {}

    private init(_ node: Node, _ query: String) {
      let (frames, continuation) = AsyncStream.makeStream(of: ProtocolMessage.self)
      self.frames = frames
      let request = RealtimeRequest(
        isSecure: false, host: "127.0.0.1", port: node.port, authority: "127.0.0.1:\(node.port)",
        target: "/?v=6&format=json&\(query)")
      socket = transport.open(request) { event in
        switch event {
        case .frame(let frame):
          guard let json = try? JSONValue(parsing: frame.bytes),
            let message = try? ProtocolMessage(json: json)
          else { return }
          continuation.yield(message)
        case .activity: return
        case .ended: continuation.finish()
        }
      }
    }

    /// Connects, and takes in CONNECTED.
    static func connect(
      _ node: Node, clientId: String? = nil, token: String? = nil, resuming key: String? = nil
    ) async throws -> NodeClient {
      var query =
        token.map { "accessToken=\(PercentEncoding.component($0))" }
        ?? "key=\(PercentEncoding.component(Node.key))"
      if let clientId { query += "&clientId=\(clientId)" }
      if let key { query += "&resume=\(PercentEncoding.component(key))" }
      let client = NodeClient(node, query)
      let connected = try await client.next(.connected, .disconnected, .error)
      guard connected.action == .connected else {
        throw connected.error ?? ErrorInfo(.badRequest, "no reason")
      }
      client.connected.withLock { $0 = connected }
      return client
    }

    var id: String { connected.withLock { $0.connectionId ?? "" } }
    var key: String { connected.withLock { $0.connectionDetails?.connectionKey?.text ?? "" } }
    var error: ErrorInfo? { connected.withLock(\.error) }

    func close() { socket.close() }

    /// The next frame of these actions; others are passed over.
    func next(_ actions: ProtocolAction...) async throws -> ProtocolMessage {
      for await message in frames where actions.contains(message.action) { return message }
      throw Ended()
    }

    func send(_ frame: JSONValue) { socket.send(RealtimeFrame(isText: true, bytes: frame.utf8)) }

    /// Attaches a channel and takes in ATTACHED.
    @discardableResult
    func attach(_ channel: String = "a", serial: String? = nil) async throws -> ProtocolMessage {
      var frame: [String: JSONValue] = ["action": 10, "channel": .string(channel)]
      frame["channelSerial"] = serial.map(JSONValue.string)
      send(.object(frame))
      return try await next(.attached, .error)
    }

    func publish(_ data: String, to channel: String = "a", serial: Int) {
      send([
        "action": 15, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
        "messages": [["data": .string(data)]],
      ])
    }

    func enter(_ channel: String = "a", serial: Int) {
      send([
        "action": 14, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
        "presence": [["action": 2, "data": "here"]],
      ])
    }
  }

  extension Message {
    var text: String { if case .string(let text)? = data { text } else { "" } }
  }
#endif
