#if Postgres
  internal import AblyTokens
  internal import AblyWire
  internal import Synchronization
  internal import TestSupport

  @testable internal import AblyService

  /// A realtime client without a socket, of a node in this process.
  final class CoreClient: Sendable {
    private let connection: ServiceConnection
    private let connected = Locked<ProtocolMessage?>(nil)

    /// Dials, and takes in nothing yet.
    init(_ node: ServiceCore, _ query: String) async {
      connection = await node.connect(ServiceRequest("GET", "/?v=6&\(query)"))
    }

    /// Connects with a key, and takes in CONNECTED.
    static func connect(
      _ node: ServiceCore, _ key: ServiceKey, clientId: String? = nil, resuming connectionKey: String? = nil
    ) async throws -> CoreClient {
      let client = await CoreClient(node, query(key, clientId: clientId, resuming: connectionKey))
      let connected = try await client.next(.connected, .disconnected, .error)
      client.connected.withLock { $0 = connected }
      return client
    }

    private static func query(_ key: ServiceKey, clientId: String?, resuming connectionKey: String?) -> String
    {
      "key=\(key.key.revealed())" + (clientId.map { "&clientId=\($0)" } ?? "")
        + (connectionKey.map { "&resume=\(PercentEncoding.component($0))" } ?? "")
    }

    /// What it was greeted with.
    var greeting: ProtocolMessage? { connected.withLock(\.self) }

    var key: String { greeting?.connectionDetails?.connectionKey?.text ?? "" }

    func send(_ frame: JSONValue) async { await connection.send(frame) }

    /// The next frame of these actions; others are passed over.
    func next(_ actions: ProtocolAction...) async throws -> ProtocolMessage {
      try await connection.next(actions)
    }

    func attach(_ channel: String) async throws -> ProtocolMessage {
      await send(["action": 10, "channel": .string(channel)])
      return try await next(.attached, .error)
    }

    /// Publishes, and waits for what becomes of it.
    func publish(_ data: String, to channel: String = "a", serial: Int) async throws -> ProtocolMessage {
      await send([
        "action": 15, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
        "messages": [["data": .string(data)]],
      ])
      return try await next(.ack, .nack)
    }

    /// Enters (2), leaves (3) or updates (4), and waits for what becomes of it.
    func change(_ action: Int, in channel: String = "a", serial: Int) async throws -> ProtocolMessage {
      await send([
        "action": 14, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
        "presence": [["action": .number(JSONNumber(action))]],
      ])
      return try await next(.ack, .nack)
    }
  }
#endif
