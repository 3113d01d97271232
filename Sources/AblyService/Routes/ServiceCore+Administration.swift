internal import AblyTokens
internal import AblyWire

extension ServiceCore {
  /// Lets whoever is on this machine look into the service and make it fail on purpose, over `/admin/…` and
  /// by ``add(faults:)``. For tests: it is off unless this is called.
  public func enableAdministration() { administration.enable() }

  /// Adds rules behind those there are.
  public func add(faults rules: [FaultRule]) {
    administration.withFaults { $0.add(rules, .append) }
  }

  /// Takes all rules away.
  public func removeFaults() { administration.withFaults { $0.clear() } }

  /// By how much the service's clock is wrong, in milliseconds: what it says, and what it judges times by.
  public var clockSkew: Int64 {
    get { administration.skew }
    set {
      administration.skew = min(max(newValue, -Self.longestSkew), Self.longestSkew)
      carryOutWhatIsDue()
      realtime.alarm.ring()
    }
  }

  /// Sets the clock that much further ahead, in one step.
  package func skewClock(by milliseconds: Int64) {
    administration.addSkew(milliseconds, atMost: Self.longestSkew)
    carryOutWhatIsDue()
    realtime.alarm.ring()
  }

  /// Waits so long, by the time that the service lives by.
  func pause(milliseconds: Int64) async {
    try? await timer.sleep(timer.uptime() + .milliseconds(milliseconds))
  }

  private static let longestSkew: Int64 = 10 * 365 * 86_400_000

  /// The answer to a request of an administrator, or one that a fault rule gives; `nil` for a request like any
  /// other.
  func administer(_ request: ServiceRequest) async -> ServiceResponse? {
    let isForAdministrators = request.path.hasPrefix("/admin/") || request.path == "/admin"
    if isForAdministrators, administration.isEnabled {
      do { return try await answerAdministrator(request) } catch { return ServiceResponse(refusing: error) }
    }
    switch administration.action(for: .request(method: request.method, path: String(request.path))) {
    case .respond(let status, let body, let headers):
      return ServiceResponse(status, body, headers: headers.map { (name: $0.key, value: $0.value) })
    case .respondInstead(let status, let body, let headers):
      note(request, await answer(request))
      return ServiceResponse(status, body, headers: headers.map { (name: $0.key, value: $0.value) })
    case .drop, .refuse:
      var response = ServiceResponse(503, .null)
      response.isDropped = true
      return response
    case .delay(let milliseconds):
      await pause(milliseconds: milliseconds)
      return nil
    default: return nil
    }
  }

  /// - Throws: 40300 for a request from another machine or of a foreign page, 40400 for a path that leads nowhere,
  ///   40500 for another method than it takes.
  private func answerAdministrator(_ request: ServiceRequest) async throws(ErrorInfo) -> ServiceResponse {
    if let foreignness = request.foreignness { throw foreignness }
    switch (request.verb, request.path) {
    case ("GET", "/admin/events"): return ServiceResponse(200, .array(administration.events))
    case ("GET", "/admin/tokens"): return ServiceResponse(200, .array(administration.tokens))
    case ("GET", "/admin/connections"):
      return ServiceResponse(200, .array(realtime.perform(\.connectionsJSON)))
    case ("GET", "/admin/faults"):
      return ServiceResponse(200, administration.withFaults(\.json))
    case ("POST", "/admin/faults"): return try addFaults(request)
    case ("DELETE", "/admin/faults"):
      removeFaults()
      return ServiceResponse(204, .null)
    case ("POST", "/admin/actions"): return act(try FaultCommand(json: request.json()))
    case ("POST", "/admin/revocations"): return try await revokeConnection(request)
    case ("POST", "/admin/inspection"): return try await inspect(request)
    default:
      throw ErrorInfo(
        .notFound,
        "there is nothing to administer at this path, but at /admin/faults, actions, revocations, inspection, "
          + "connections, tokens and events", statusCode: 404)
    }
  }

  private func addFaults(_ request: ServiceRequest) throws(ErrorInfo) -> ServiceResponse {
    let body = try request.json()
    guard let items = body["rules"]?.array ?? body.array else {
      throw FaultRule.invalid(#"there are no rules, which stand in {"rules": […]}"#)
    }
    var rules: [FaultRule] = []
    for (index, item) in items.enumerated() { rules.append(try FaultRule(json: item, at: "rules[\(index)]")) }
    var position = FaultBoard.Position.append
    if body.object != nil {
      let members = try FaultMembers(body, at: "the body")
      try members.refuseOthers(than: ["rules", "position"])
      if let text = try members.text("position", "append or prepend") {
        guard let known = FaultBoard.Position(rawValue: text) else {
          throw members.unfit("position", "append or prepend")
        }
        position = known
      }
    }
    administration.withFaults { [rules, position] in $0.add(rules, position) }
    return ServiceResponse(201, ["count": .number(JSONNumber(rules.count))])
  }

  /// Asks those who are connected for another token.
  package func reauthenticate(clientId: String?) {
    realtime.perform { [now] in $0.demand(connectionId: nil, clientId: clientId, now: now) }
  }

  /// Lets something happen now to those who are connected.
  package func carryOut(_ action: FaultRule.Action, clientId: String?) {
    let transports = realtime.perform { hub in
      hub.ids(connectionId: nil, clientId: clientId).map { hub.sessions[$0]?.transport }
    }
    for transport in transports { realtime.force(action, on: transport) }
  }

  private func act(_ command: FaultCommand) -> ServiceResponse {
    if case .skewClock(let milliseconds) = command.action {
      clockSkew = milliseconds
      return ServiceResponse(200, ["count": 0])
    }
    let count = carryOut(command)
    tellOthers(command)
    return ServiceResponse(200, ["count": .number(JSONNumber(count))])
  }

  /// Other nodes do the same: those who are meant may be connected there.
  private func tellOthers(_ command: FaultCommand) {
    guard let cluster else { return }
    realtime.perform { $0.tell(.command(command, by: cluster.id)) }
  }

  /// Does what is to happen to those who are connected here, and says to how many.
  @discardableResult
  func carryOut(_ command: FaultCommand) -> Int {
    if let token = command.token, case .end(let reason) = command.action {
      end(token, reason)
      return 1
    }
    let now = now
    let ids = realtime.perform { $0.ids(connectionId: command.connectionId, clientId: command.clientId) }
    for id in ids {
      switch command.action {
      case .end(let reason): endToken(of: id, reason)
      case .reauthenticate: realtime.perform { $0.askToReauthenticate(id, now: now) }
      case .fault(let action): realtime.force(action, on: realtime.perform { $0.sessions[id]?.transport })
      case .skewClock: break
      }
    }
    return ids.count
  }

  /// Ends the token that a connection was opened or renewed with, wherever it is used; of a connection with a key,
  /// which has no token, the connection alone.
  func endToken(of id: String, _ reason: EndedTokens.Reason) {
    // Those of the tokens in it come before its own.
    if let mark = realtime.perform({ $0.sessions[id]?.principal.token?.marks.last }) {
      end(mark, reason)
      tellOthers(FaultCommand(ending: mark, reason))
    } else {
      realtime.perform { $0.disconnect(id, reason.refusal, now: now) }
    }
  }

  /// Notes what became of a request for those who look into the service.
  func note(_ request: ServiceRequest, _ response: ServiceResponse) {
    guard administration.isEnabled else { return }
    var event: [String: JSONValue] = [
      "type": "http_request", "time": .number(JSONNumber(now)), "method": .string(request.method),
      "path": .string(request.shownPath),
      "status": .number(JSONNumber(response.status)),
    ]
    event["code"] = response.errorCode.map { .number(JSONNumber($0.rawValue)) }
    let isToken = if case .requestToken? = request.route { true } else { false }
    administration.note(.object(event))
    guard isToken || response.status == 401 else { return }
    event["type"] = response.status == 201 ? "issued" : "refused"
    event["message"] = response.body["error"]?["message"]
    for name in ["keyName", "clientId", "issued", "expires", "capability"] where response.status == 201 {
      event[name] = response.body[name]
    }
    administration.noteToken(.object(event))
  }
}
