internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// A realtime client without a socket: frames go to the core and come from it as values.
struct RealtimeDesk: Sendable {
  let desk: Desk
  let connection: ServiceConnection

  private struct Enough: Error {}

  func send(_ frame: JSONValue) async {
    await connection.receive(connection.format.encode(frame))
  }

  /// Frames that come in one read.
  func send(together frames: [JSONValue]) async {
    await connection.receive(frames.map { connection.format.encode($0) })
  }

  /// What the service has sent since this was asked last. It answers a heartbeat after it has answered all
  /// that came before, so nothing is waited for.
  func outputs() async -> [Output] {
    await send(["action": 0, "id": "fence"])
    var outputs: [Output] = []
    do {
      try await connection.forEachOutput { output in
        switch output {
        case .frame(let frame) where frame.message.id == "fence": throw Enough()
        case .frame(let frame):
          let json = try connection.format.decode(frame.bytes(connection.format))
          outputs.append(.frame(try ProtocolMessage(json: json)))
        case .ping: outputs.append(.ping)
        case .close: outputs.append(.close)
        }
      }
    } catch {
      #expect(error is Enough)
    }
    return outputs
  }

  enum Output: Equatable {
    case frame(ProtocolMessage)
    case ping
    case close
  }

  func frames() async -> [ProtocolMessage] {
    await outputs().compactMap { if case .frame(let message) = $0 { message } else { nil } }
  }

  /// What the service said at the end, with the last thing it did.
  func refusal() async -> RealtimeRefusal? {
    let outputs = await outputs()
    guard outputs.last == .close, case .frame(let message)? = outputs.dropLast().last else { return nil }
    return RealtimeRefusal(message.action, message.error?.code.rawValue ?? 0)
  }

  func attach(_ channel: String, flags: Int64 = 0, serial: String? = nil) async -> [ProtocolMessage] {
    var frame: [String: JSONValue] = [
      "action": 10, "channel": .string(channel), "flags": .number(JSONNumber(flags)),
    ]
    frame["channelSerial"] = serial.map(JSONValue.string)
    await send(.object(frame))
    return await frames()
  }

  func publish(_ message: JSONValue, to channel: String = "chat:lobby", serial: Int = 0) async {
    await send([
      "action": 15, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
      "messages": [message],
    ])
  }

  func change(_ action: Int, _ member: JSONValue = [:], in channel: String = "chat:lobby", serial: Int = 0)
    async
  {
    var members = member.object ?? [:]
    members["action"] = .number(JSONNumber(action))
    await send([
      "action": 14, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
      "presence": [.object(members)],
    ])
  }
}

struct RealtimeRefusal: Equatable, Sendable, CustomStringConvertible {
  let action: ProtocolAction
  let code: Int

  init(_ action: ProtocolAction, _ code: Int) {
    self.action = action
    self.code = code
  }

  var description: String { "\(action.rawValue)/\(code)" }
}

extension Desk {
  /// Connects with a query; `v=6&format=json` unless it says otherwise.
  func dial(_ query: String, headers: [String: String] = [:]) async -> RealtimeDesk {
    let rest = query.isEmpty ? "" : "&\(query)"
    let version = query.contains("v=") ? "" : "&v=6"
    return RealtimeDesk(
      desk: self,
      connection: await core.connect(ServiceRequest("GET", "/?_=1\(version)\(rest)", headers: headers)))
  }

  /// Connects with a key and takes in CONNECTED.
  func connect(
    _ key: ServiceKey? = nil, _ query: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> RealtimeDesk {
    let client = await dial("key=\(PercentEncoding.component((key ?? root).key.revealed()))&\(query)")
    try #require(await client.frames().map(\.action) == [.connected], sourceLocation: sourceLocation)
    return client
  }

  /// Connects with a token and takes in CONNECTED.
  func connect(
    _ token: TokenDetails, _ query: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> RealtimeDesk {
    let client = await dial("accessToken=\(PercentEncoding.component(token.token))&\(query)")
    try #require(await client.frames().map(\.action) == [.connected], sourceLocation: sourceLocation)
    return client
  }

  /// Moves the clock to a time, in milliseconds after the start, and lets happen what is due.
  func advance(to milliseconds: Int64) {
    clock.milliseconds = Self.start + milliseconds
    core.carryOutWhatIsDue()
  }
}
