internal import AblyTokens
internal import AblyWire
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// Nodes of one cluster in this process, over a log in memory.
final class ClusterDesk: Sendable {
  let clock = ManualClock(Desk.start)
  let root: ServiceKey
  let stranger: ServiceKey
  let revocable: ServiceKey
  let store = MemoryStore(isShared: true)
  let nodes: [ServiceCore]

  private let tasks = Locked<[Int: Task<Void, Never>]>([:])

  private init(_ count: Int) async throws {
    root = try ServiceKey(APIKey("appOne.keyRoot:rootSecret"))
    stranger = try ServiceKey(APIKey("appTwo.keyOther:otherSecret"))
    revocable = try ServiceKey(APIKey("appOne.keyRevocable:revocableSecret"), revocableTokens: true)
    let keys = [root, stranger, revocable].map { StoredKey($0, origin: .given) }
    var nodes: [ServiceCore] = []
    for _ in 0..<count {
      nodes.append(try await ServiceCore(store: store, keys: keys, clock: { [clock] in clock.date }))
    }
    self.nodes = nodes
  }

  /// Runs `body` with so many nodes, which then end.
  static func use<Result>(
    _ count: Int, _ body: (ClusterDesk) async throws -> Result
  ) async throws -> Result {
    let desk = try await ClusterDesk(count)
    for index in 0..<count {
      // Until it has heard the store for the first time.
      let (begun, heard) = AsyncStream.makeStream(of: Void.self)
      desk.nodes[index].changes.observe { _ in heard.finish() }
      desk.start(index)
      for await _ in begun {}
    }
    do {
      let result = try await body(desk)
      for index in 0..<count { await desk.kill(index) }
      return result
    } catch {
      for index in 0..<count { await desk.kill(index) }
      throw error
    }
  }

  private func start(_ index: Int) {
    let node = nodes[index]
    let task = Task { do { try await node.followStore() } catch { Issue.record(error) } }
    tasks.withLock { $0[index] = task }
  }

  /// The node hears and says nothing any more, as if it had been killed.
  func kill(_ index: Int) async {
    let task = tasks.withLock { $0.removeValue(forKey: index) }
    task?.cancel()
    await task?.value
  }

  /// What a node does every three seconds.
  func lookAfterNodes(_ node: Int) async {
    await nodes[node].renewLease()
    await nodes[node].buryTheDead()
  }

  func send(
    _ method: String, _ target: String, _ body: JSONValue? = nil, as key: ServiceKey? = nil, on node: Int
  ) async -> ServiceResponse {
    await nodes[node].respond(
      to: ServiceRequest(
        method, target, headers: basic(key ?? root), body: body?.utf8 ?? [],
        peer: ServiceRequest.Peer(isLoopback: true, isSecure: false)))
  }

  func publish(_ message: JSONValue, to channel: String = "a", on node: Int) async -> ServiceResponse {
    await send("POST", "/channels/\(channel)/messages", message, on: node)
  }

  func token(_ params: TokenParams, of key: ServiceKey? = nil) async throws -> String {
    let request = try TokenRequestSigner(key: (key ?? root).key).sign(params, at: clock.date)
    let response = await nodes[0].respond(
      to: ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8))
    try #require(response.status == 201, "\(response.body)")
    return try TokenDetails(json: response.body).token
  }

  func dial(_ node: Int, _ query: String) async -> ClusterClient {
    ClusterClient(await nodes[node].connect(ServiceRequest("GET", "/?v=6&\(query)")))
  }

  /// Connects with the key, or a token, and takes in CONNECTED.
  func connect(
    _ node: Int, _ query: String = "", token: String? = nil, resuming key: String? = nil
  ) async throws -> ClusterClient {
    let credentials =
      token.map { "accessToken=\(PercentEncoding.component($0))" } ?? "key=\(root.key.revealed())"
    let resume = key.map { "&resume=\(PercentEncoding.component($0))" } ?? ""
    let client = await dial(node, "\(credentials)&\(query)\(resume)")
    let connected = try await client.next(.connected)
    client.take(connected)
    return client
  }
}

/// A realtime client without a socket, that waits for what other nodes bring about.
final class ClusterClient: Sendable {
  let connection: ServiceConnection
  private let connected = Locked<ProtocolMessage?>(nil)

  init(_ connection: ServiceConnection) { self.connection = connection }

  func take(_ message: ProtocolMessage) { connected.withLock { $0 = message } }

  var id: String? { connected.withLock { $0?.connectionId } }
  var key: String { connected.withLock { $0?.connectionDetails?.connectionKey?.text } ?? "" }
  var error: ErrorInfo? { connected.withLock { $0?.error } }

  func send(_ frame: JSONValue) async { await connection.send(frame) }

  /// The next frame of these actions; others are passed over.
  func next(_ actions: ProtocolAction...) async throws -> ProtocolMessage {
    try await connection.next(actions)
  }

  /// So many messages, as they come.
  func messages(_ count: Int) async throws -> [Message] {
    var messages: [Message] = []
    while messages.count < count { messages += try await next(.message).messages }
    return messages
  }

  /// Attaches a channel and takes in ATTACHED.
  @discardableResult
  func attach(_ channel: String = "a", serial: String? = nil) async throws -> ProtocolMessage {
    var frame: [String: JSONValue] = ["action": 10, "channel": .string(channel)]
    frame["channelSerial"] = serial.map(JSONValue.string)
    await send(.object(frame))
    return try await next(.attached, .error)
  }

  func publish(_ message: JSONValue, to channel: String = "a", serial: Int) async {
    await send([
      "action": 15, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
      "messages": [message],
    ])
  }

  func change(_ action: Int, _ member: [String: JSONValue] = [:], in channel: String = "a", serial: Int) async
  {
    var member = member
    member["action"] = .number(JSONNumber(action))
    await send([
      "action": 14, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
      "presence": [.object(member)],
    ])
  }
}
