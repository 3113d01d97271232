public import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// An Ably-compatible service in this process, without any input or output: it turns requests into answers.
///
/// ``AblyServer`` puts it behind HTTP. Apps, keys, used nonces and revocations are a ``ServiceStore``'s to keep;
/// messages are kept in memory and end with the process.
public final class ServiceCore: Sendable {
  let directory: Locked<AppDirectory>
  let random: Randomness.Source
  let store: any ServiceStore
  let revocations = Locked(RevocationIndex())
  let realtime: Realtime
  let administration = Administration()

  /// What changes of apps, keys and revocations, on this node or another.
  package let changes = ChangeFeed()

  private let clock: @Sendable () -> Date

  /// Waits for what comes due.
  let sleep: @Sendable (Duration) async throws -> Void

  /// What is counted.
  package let metrics = ServiceMetrics()

  /// What answers besides, such as the pages of a tool.
  let pages = Locked<(@Sendable (ServiceRequest) -> ServiceResponse?)?>(nil)

  let ended = EndedTokens()
  let readiness = Locked(true)

  /// A service for these keys and their apps, with everything in memory.
  ///
  /// - Parameters:
  ///   - keys: the keys it knows.
  ///   - limits: what realtime clients may send.
  ///   - clock: the time it lives by; the system's where none is given.
  /// - Throws: 40000 when two keys have one name, 40003 for a limit that would let nobody in.
  public convenience init(
    keys: [ServiceKey], limits: RealtimeLimits = RealtimeLimits(),
    clock: @escaping @Sendable () -> Date = { Date() }
  ) throws(ErrorInfo) {
    try self.init(
      keys: keys, clock: clock, random: Randomness.system, realtime: try RealtimeSettings(limits))
  }

  /// A service that lives by a clock which it can wait by.
  package convenience init(
    keys: [ServiceKey], clock: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) throws(ErrorInfo) {
    try self.init(keys: keys, clock: clock, sleep: sleep, random: Randomness.system)
  }

  /// A service whose ids come from `random`. Cipher nonces do not: a repeated one would give the key away.
  init(
    keys: [ServiceKey], store: any ServiceStore = MemoryStore(), clock: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    random: @escaping Randomness.Source, realtime settings: RealtimeSettings = RealtimeSettings()
  ) throws(ErrorInfo) {
    directory = Locked(try AppDirectory(keys))
    self.store = store
    self.clock = clock
    self.sleep = sleep
    self.random = random
    realtime = Realtime(serverId: Base64.url.encode(random(9)), settings: settings)
  }

  /// Milliseconds since 1970, from 1970 to 9999 whatever the clock says, so that adding to it cannot
  /// overflow.
  var now: Int64 {
    let milliseconds = (try? Milliseconds.of(clock(), "clock")) ?? 0
    return min(max(milliseconds + administration.skew, 0), 253_402_300_799_999)
  }

  /// The apps and keys as they are at this moment.
  var apps: AppDirectory { directory.withLock(\.self) }

  var authenticator: Authenticator {
    Authenticator(apps: apps, revocations: revocations.withLock(\.self), ended: ended)
  }

  /// Answers a request, uncounted.
  func decide(_ request: ServiceRequest) async -> ServiceResponse {
    if let pages = pages.withLock(\.self), let page = pages(request) { return page }
    if let response = await administer(request) { return response }
    let response = await answer(request)
    note(request, response)
    return response
  }

  /// Answers a request, whatever the fault rules say.
  func answer(_ request: ServiceRequest) async -> ServiceResponse {
    do {
      let route = try Route(path: request.path)
      guard route.methods.contains(request.method) else { return Self.refuseMethod(of: route) }
      try await learnKey(behind: request, route)
      return try await answer(request, route)
    } catch {
      return ServiceResponse(refusing: error)
    }
  }

  private func answer(_ request: ServiceRequest, _ route: Route) async throws(ErrorInfo) -> ServiceResponse {
    switch route {
    case .time: time()
    case .health: health()
    case .ready: ready()
    case .metrics: figures()
    case .requestToken(let keyName): try await requestToken(request, keyName: keyName)
    case .revokeTokens(let keyName): try await revokeTokens(request, keyName: keyName)
    case .apps: try await createApp(request)
    case .app(let id): try await deleteApp(request, id: id)
    case .stats: try statistics(request)
    case .presence(let name, let operation): try presence(request, channel: name, operation)
    case .channel(let name): try channelStatus(request, channel: name)
    case .messages(let name, _) where request.method == "POST": try publish(request, channel: name)
    case .messages(let name, let route): try history(request, channel: name, route: route)
    }
  }

  private static func refuseMethod(of route: Route) -> ServiceResponse {
    let allowed = route.methods.joined(separator: ", ")
    var response = ServiceResponse(
      refusing: ErrorInfo(.methodNotAllowed, "this path takes \(allowed) only", statusCode: 405))
    response.headers.append(("Allow", allowed))
    return response
  }
}
