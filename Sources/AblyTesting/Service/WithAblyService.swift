internal import AblyAuth
public import AblyService
internal import AblyTokens

/// Runs an Ably-compatible service for as long as `body` runs, in this process and in memory.
///
/// ```swift
/// try await withAblyService { service in
///   let client = try service.client()
///   try await client.channel("chat:lobby").publish(name: "greeting", data: "hello")
/// }
/// ```
///
/// Without a port it is there at once, and tests do not share anything: they may run at the same time.
///
/// - Parameters:
///   - listening: whether it listens on a free port of this machine, for clients that are not made here.
///   - clock: the time it lives by; this machine's where none is given.
///   - keys: keys it knows besides the two that it makes.
///   - body: gets the service.
/// - Throws: what `body` throws; 40000 when two keys have one name, or when there is no port to listen on.
public func withAblyService<Result: Sendable>(
  listening: Bool = false, clock: ManualClock? = nil, keys: [ServiceKey] = [],
  _ body: (AblyTestService) async throws -> Result
) async throws -> Result {
  let key = try ServiceKey.random()
  let revocable = try ServiceKey(
    APIKey(keyName: "\(key.key.keyName)-revocable", keySecret: RandomText.next()), revocableTokens: true)
  let log = LogCapture()
  let time = clock?.hostClock ?? .system
  let core = try ServiceCore(
    keys: [key, revocable] + keys, clock: time.now,
    timer: ServiceTimer(uptime: time.uptime, sleep: time.sleepUntil))
  let (sockets, newSockets) = AsyncStream.makeStream(of: InProcessSocket.self)
  func service(_ address: BoundAddress?) -> AblyTestService {
    AblyTestService(
      key: key.key, revocableKey: revocable.key, log: log,
      transport: InProcessTransport(core: core, logger: log.logger, sleep: time.sleep),
      realtimeTransport: InProcessRealtimeTransport(core: core, newSockets: newSockets), address: address,
      core: core, manualClock: clock)
  }
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await InProcessRealtimeTransport.serve(sockets, by: core) }
    defer {
      newSockets.finish()
      group.cancelAll()
    }
    if listening {
      return try await withAblyServer(core: core, logger: log.logger) { try await body(service($0)) }
    }
    group.addTask { await core.runDeadlines() }
    return try await body(service(nil))
  }
}
