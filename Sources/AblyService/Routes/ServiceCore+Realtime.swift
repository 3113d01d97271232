internal import AblyTokens
internal import AblyWire
internal import Synchronization

extension ServiceCore {
  /// A realtime client connects: the request that opened its socket is its first word (RTN2). Whatever is in
  /// it, the answer comes over the connection.
  package func connect(_ request: ServiceRequest) async -> ServiceConnection {
    let query = (try? request.query()) ?? [:]
    let connection = ServiceConnection(self, format: ConnectParameters.format(query))
    guard await connection.admitConnect(query) else { return connection }
    do throws(ErrorInfo) {
      let parameters = try ConnectParameters(request.query(), isLoopback: request.peer.isLoopback)
      let principal = try await principal(of: request, parameters)
      let taken = try await takeConnection(parameters, principal)
      let local = ConnectionKey(random: random)
      let refusal = try realtime.perform { (hub) throws(ErrorInfo) -> ErrorInfo? in
        let fresh = try hub.key(of: local.connectionId, principal) ?? local
        if let (key, claims, taking) = taken {
          hub.adopt(taking, key, claims, parameters, principal, over: connection.transport, now: now)
        }
        let refusal = hub.connect(over: connection.transport, parameters, principal, fresh: fresh, now: now)
        heedWhatChanged(for: principal, over: connection.transport, &hub)
        return refusal
      }
      if let refusal { noteRefusal(refusal) } else { connection.count() }
    } catch {
      let refusal = Self.refusal(error)
      realtime.perform { $0.refuse(connection.transport, refusal) }
      noteRefusal(refusal)
    }
    administration.withFaults { $0.noteConnect(connection.transport, at: now) }
    realtime.alarm.ring()
    return connection
  }

  /// What has not even the form of a key or a token is not worth another attempt: official clients expect to
  /// fail at once, and know it by 40101.
  private static func refusal(_ error: ErrorInfo) -> ErrorInfo {
    guard error.code == .invalidAblyToken || error.code == .malformedCredential else { return error }
    return ErrorInfo(.invalidCredentials, error.message, statusCode: 401, remedy: error.remedy)
  }

  /// - Throws: 40101 for a key whose name is not made of an app's id and its own.
  private static func checkForm(of credentials: Credentials) throws(ErrorInfo) {
    guard case .key(let key) = credentials, !key.text.prefix(while: { $0 != ":" }).contains(".") else {
      return
    }
    throw ErrorInfo(.invalidCredentials, "the name of the key is not appId.keyId", statusCode: 401)
  }

  // Counted by the hub, as whatever else it refuses.
  private func noteRefusal(_ error: ErrorInfo) {
    administration.noteToken([
      "type": "refused", "time": .number(JSONNumber(now)), "path": "/",
      "code": .number(JSONNumber(error.code.rawValue)), "status": .number(JSONNumber(error.statusCode)),
      "message": .string(error.message),
    ])
  }

  private func principal(
    of request: ServiceRequest, _ parameters: ConnectParameters
  ) async throws(ErrorInfo) -> Principal {
    try Self.checkForm(of: Credentials(of: request))
    try await learnKey(named: Credentials(of: request).keyName)
    var principal = try realtimeAuthenticator.principal(of: request, at: now)
    guard let clientId = parameters.clientId else { return principal }
    try ClientID.check(clientId)
    guard let identity = try? principal.identity.named(clientId) else {
      // A connection that cannot be what its client wants it to be: official clients know it by this code.
      throw ErrorInfo(
        .incompatibleCredentials, "the credentials do not allow the clientId that the client gives itself",
        statusCode: 401)
    }
    principal.identity = identity
    return principal
  }

  /// Frames of a client, checked as far as their form goes, up to one that shows a token.
  ///
  /// - Returns: those that are left, and the token that is to be checked before.
  func receive(
    _ frames: ArraySlice<ClientFrame>, over transport: TransportID
  ) -> (rest: ArraySlice<ClientFrame>, token: Secret?) {
    let (outcome, count) = realtime.perform { $0.receive(frames, over: transport, now: now) }
    guard case .authenticate(let token) = outcome else { return ([], nil) }
    return (frames.dropFirst(count), token)
  }

  /// A client has shown another token, and goes on with it where it is good (RTC8).
  ///
  /// - Throws: what ``principal(bearing:)`` does.
  func check(_ token: Secret, over transport: TransportID) async throws(ErrorInfo) {
    let principal: Principal
    do throws(ErrorInfo) { principal = try await self.principal(bearing: token) } catch {
      noteRefusal(error)
      throw error
    }
    let refusal = realtime.perform { hub in
      let refusal = hub.renew(over: transport, principal, now: now)
      heedWhatChanged(for: principal, over: transport, &hub)
      return refusal
    }
    if let refusal { noteRefusal(refusal) } else { metrics.reauthenticated() }
  }

  func principal(bearing token: Secret) async throws(ErrorInfo) -> Principal {
    try await learnKey(named: Credentials.token(token).keyName)
    let principal = try realtimeAuthenticator.principal(bearing: token, at: now)
    apps.noteUse(of: principal.appId, at: now)
    return principal
  }

  private var realtimeAuthenticator: Authenticator {
    var authenticator = authenticator
    authenticator.marksTokens = true
    return authenticator
  }

  /// A token may have been revoked or made to end while it was being checked, and a key may have gone: whatever it was
  /// that took so long.
  private func heedWhatChanged(
    for principal: Principal, over transport: TransportID, _ hub: inout RealtimeHub
  ) {
    hub.heedKey(apps, over: transport, now: now)
    if let bearer = principal.token?.bearer, revocations.withLock({ $0.isRevoked(bearer, at: now) }) {
      hub.fail(transport, RealtimeHub.revoked, now: now)
    }
    for mark in principal.token?.marks ?? [] {
      do throws(ErrorInfo) { try ended.check(mark) } catch { hub.end(mark, error, now: now) }
    }
  }

  /// Does what has come due on the connections: for tests that move the clock, and ``runDeadlines()``.
  package func carryOutWhatIsDue() {
    realtime.perform { $0.advance(to: now) }
    for (transport, action) in administration.withFaults({ $0.takeDue(at: now) }) {
      realtime.force(action, on: transport)
    }
  }

  /// Does what comes due, at its time, until the task is cancelled.
  package func runDeadlines() async {
    while !Task.isCancelled {
      let rings = realtime.alarm.rings
      // Before the time is looked at: what goes by in between must not be waited for once more.
      let start = timer.uptime()
      let next = [realtime.perform(\.nextDeadline), administration.withFaults(\.nextDeadline)]
      let pause = next.compactMap(\.self).min().map { max(0, $0 - now) } ?? 3_600_000
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try? await self.timer.sleep(start + .milliseconds(pause)) }
        tasks.addTask { await self.realtime.alarm.wait(after: rings) }
        await tasks.next()
        tasks.cancelAll()
      }
      carryOutWhatIsDue()
    }
  }
}
