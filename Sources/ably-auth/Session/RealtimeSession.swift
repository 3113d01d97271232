internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens
internal import AblyWire

/// A client with a connection that is driven by one JSON object a line.
struct RealtimeSession: Sendable {
  let client: RealtimeClient

  /// Does what a line says.
  ///
  /// - Throws: what the client throws; 40000 for a line that says nothing that can be done.
  func perform(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    switch line["do"]?.string {
    case "connect": try await connect()
    case "close": try await close()
    case "ping": try await ping()
    case "attach": try await attach(line)
    case "subscribe": try await attach(line)
    case "detach": try await detach(line)
    case "publish": try await channel(line).publish(Message(line: line)).json
    case "enter", "update", "leave": try await announce(line)
    case "presence": .array(try await channel(line).presence.get().map(\.plainJSON))
    case "history": try await history(line)
    case "state": try state()
    default: try await RESTSession(client: client.rest).perform(line)
    }
  }

  private func channel(_ line: JSONValue) throws(ErrorInfo) -> RealtimeChannel {
    client.channels.get(try line.requiredText("channel", of: "line"))
  }

  private func connect() async throws(ErrorInfo) -> JSONValue {
    let changes = client.connection.events
    let wasClosing = client.connection.state == .closing
    client.connect()
    guard client.connection.state != .connected else { return standing }
    for await change in changes {
      switch change.current {
      case .connected: return standing
      case .initialized, .connecting: continue
      // The end of the connection before, which connect() does not wait for (RTN11b).
      case .closed where wasClosing && change.previous == .closing: continue
      // An attempt follows at once.
      case .disconnected where change.retryIn == .zero: continue
      case .disconnected, .suspended, .closing, .closed, .failed: throw change.reason ?? Self.notConnected
      }
    }
    throw Self.notConnected
  }

  private func close() async throws(ErrorInfo) -> JSONValue {
    let changes = client.connection.events
    client.close()
    let isOver = { [.initialized, .closed, .failed].contains($0 as ConnectionState) }
    guard !isOver(client.connection.state) else { return standing }
    for await change in changes where isOver(change.current) { return standing }
    return standing
  }

  private static let notConnected = ErrorInfo(.connectionClosed, "the connection was closed")

  private var standing: JSONValue { ["connection": .string(client.connection.state.rawValue)] }

  private func ping() async throws(ErrorInfo) -> JSONValue {
    let (seconds, attoseconds) = try await client.connection.ping().components
    return ["roundTrip": .number(JSONNumber(seconds * 1000 + attoseconds / 1_000_000_000_000_000))]
  }

  private func attach(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    let channel = try channel(line)
    try await channel.attach()
    return ["state": .string(channel.state.rawValue)]
  }

  private func detach(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    let channel = try channel(line)
    try await channel.detach()
    return ["state": .string(channel.state.rawValue)]
  }

  private func announce(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    let presence = try channel(line).presence
    let (clientId, data) = (try line.optionalText("clientId", of: "line"), MessageData(line: line))
    switch (line["do"]?.string, clientId) {
    case ("enter", let clientId?): try await presence.enterClient(clientId, data)
    case ("update", let clientId?): try await presence.updateClient(clientId, data)
    case (_, let clientId?): try await presence.leaveClient(clientId, data)
    case ("enter", nil): try await presence.enter(data)
    case ("update", nil): try await presence.update(data)
    case (_, nil): try await presence.leave(data)
    }
    return .null
  }

  private func history(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    var messages: [JSONValue] = []
    let page = try await channel(line).history(untilAttach: line["untilAttach"]?.bool ?? false)
    for message in page.items { messages.append(try message.plainJSON()) }
    return .array(messages)
  }

  private func state() throws(ErrorInfo) -> JSONValue {
    [
      "connection": .string(client.connection.state.rawValue),
      "clientId": client.clientId.map(JSONValue.string) ?? .null,
      "tokenDetails": try client.auth.tokenDetails?.json() ?? .null,
      "errorReason": client.connection.errorReason?.json ?? .null,
    ]
  }
}
