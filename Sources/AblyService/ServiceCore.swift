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
/// messages are kept in memory and end with the process, unless the store is shared between nodes.
public final class ServiceCore: Sendable {
  let directory: Locked<AppDirectory>
  let random: Randomness.Source
  let store: any ServiceStore
  let promptStore: (any PromptStore)?
  let revocations = Locked(RevocationIndex())
  let realtime: Realtime

  /// What it has to do with other nodes; `nil` where there are none.
  let cluster: ClusterNode?

  let administration = Administration()

  /// What changes of apps, keys and revocations, on this node or another.
  package let changes = ChangeFeed()

  private let clock: @Sendable () -> Date

  let timer: ServiceTimer

  /// What is counted.
  package let metrics: ServiceMetrics

  /// What answers besides, such as the pages of a tool.
  let pages = Locked<(@Sendable (ServiceRequest) -> ServiceResponse?)?>(nil)

  let ended = EndedTokens()
  let early = EarlyTokens()
  let keySearch = KeySearch()
  let readiness = Locked(true)
  private let appMakersInForce = Locked(AppMakers.loopback)

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

  /// A service that waits by the clock that it lives by.
  package convenience init(
    keys: [ServiceKey], clock: @escaping @Sendable () -> Date, timer: ServiceTimer
  ) throws(ErrorInfo) {
    try self.init(keys: keys, clock: clock, timer: timer, random: Randomness.system)
  }

  /// A service whose ids come from `random`. Cipher nonces do not: a repeated one would give the key away.
  init(
    keys: [ServiceKey], store: any ServiceStore = MemoryStore(), clock: @escaping @Sendable () -> Date,
    timer: ServiceTimer = .system, random: @escaping Randomness.Source,
    realtime settings: RealtimeSettings = RealtimeSettings()
  ) throws(ErrorInfo) {
    directory = Locked(try AppDirectory(keys))
    self.store = store
    promptStore = store as? any PromptStore
    self.clock = clock
    self.timer = timer
    self.random = random
    let id = Base64.url.encode(random(9))
    cluster = (store as? any LogKeeper)?.log.map { ClusterNode(id: id, log: $0) }
    let metrics = ServiceMetrics()
    self.metrics = metrics
    realtime = Realtime(serverId: id, settings: settings, metrics: metrics, appender: cluster?.appender)
  }

  /// Milliseconds since 1970, from 1970 to 9999 whatever the clock says, so that adding to it cannot
  /// overflow. Nodes of a cluster have one time.
  var now: Int64 {
    min(max(untouchedTime + administration.skew, 0), 253_402_300_799_999)
  }

  /// The same without what is wrong with it on purpose.
  var untouchedTime: Int64 {
    ((try? Milliseconds.of(clock(), "clock")) ?? 0) + (cluster?.clock.correction ?? 0)
  }

  /// Who may make apps by a request; those on this machine where nothing else is said.
  public var appMakers: AppMakers {
    get { appMakersInForce.withLock(\.self) }
    set { appMakersInForce.withLock { $0 = newValue } }
  }

  /// The apps and keys as they are at this moment.
  var apps: AppDirectory { directory.withLock(\.self) }

  var authenticator: Authenticator {
    Authenticator(apps: apps, revocations: revocations.withLock(\.self), ended: ended, early: early)
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
      let route = try request.destination()
      guard route.methods.contains(request.verb) else { return Self.refuseMethod(of: route) }
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
    case .presence(let name, let operation): try await presence(request, channel: name, operation)
    case .channel(let name): try await channelStatus(request, channel: name)
    case .messages(let name, _) where request.verb == "POST": try await publish(request, channel: name)
    case .messages(let name, let route): try await history(request, channel: name, route: route)
    }
  }

  static func refuseMethod(of route: Route) -> ServiceResponse {
    let allowed = route.methods.joined(separator: ", ")
    var response = ServiceResponse(
      refusing: ErrorInfo(.methodNotAllowed, "this path takes \(allowed) only", statusCode: 405))
    response.headers.append(("Allow", allowed))
    return response
  }
}
