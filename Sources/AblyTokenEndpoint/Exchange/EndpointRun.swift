internal import AblyTokens
internal import HTTPTypes
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// One request on its way to an answer. Its steps are taken without waiting as far as that goes.
package struct EndpointRun: Sendable {
  /// How far it has come.
  enum Step: Sendable {
    /// May become ``decide(_:_:)``.
    case findCaller(TokenWish)
    /// May become ``issue(_:)``.
    case decide(TokenWish, Caller)
    /// May become ``answered(_:)``.
    case issue(TokenGrant)
    /// Nothing further. A refusal at any step leads here too.
    case answered(EndpointResponse)
  }

  private let request: EndpointRequest
  private let setup: EndpointSetup.Parts
  private let endpoint: TokenEndpoint
  private let now: Date
  private let begun = ContinuousClock.now
  private var step: Step
  private var record: AuditRecord

  /// - Parameter refusal: why it is refused whatever it asks for.
  init(
    _ request: EndpointRequest, setup: EndpointSetup, endpoint: TokenEndpoint, now: Date,
    refusal: Refusal? = nil
  ) {
    self.request = request
    self.setup = setup.parts
    self.endpoint = endpoint
    self.now = now
    record = AuditRecord(time: now, peer: request.peer)
    if request.method == .options, let answer = setup.parts.origins.preflight(request) {
      step = .answered(answer)
      return
    }
    do throws(Refusal) {
      if let refusal { throw refusal }
      step = .findCaller(try Self.wish(of: request))
    } catch {
      step = .findCaller(TokenWish())
      nameCaller()
      refuse(error)
    }
    advance()
  }

  /// The answer, if nothing has to be waited for.
  package var answer: EndpointResponse? {
    if case .answered(let response) = step { response } else { nil }
  }

  /// Waits for what it takes and gives the answer.
  package mutating func finish() async -> EndpointResponse {
    while true {
      if let answer { return answer }
      do throws(Refusal) {
        try await wait()
      } catch {
        refuse(error)
      }
      advance()
    }
  }

  /// Says whose request is refused before it is understood, where that is known without waiting.
  private mutating func nameCaller() {
    guard case .now(let caller?)? = try? setup.promptCaller(of: request, at: now) else { return }
    record.caller = caller.name
    record.way = caller.way
  }

  private static func wish(of request: EndpointRequest) throws(Refusal) -> TokenWish {
    guard request.method == .get || request.method == .post else { throw .wrongMethod }
    return try TokenWish(of: request)
  }

  /// Goes on for as long as nothing has to be waited for.
  private mutating func advance() {
    do throws(Refusal) {
      while try takeStep() {}
    } catch {
      refuse(error)
    }
  }

  private mutating func takeStep() throws(Refusal) -> Bool {
    switch step {
    case .findCaller(let wish):
      guard case .now(let caller) = try setup.promptCaller(of: request, at: now) else { return false }
      step = .decide(wish, try admit(caller))
    case .decide(let wish, let caller):
      guard case .now(let decision) = try setup.promptDecision(caller, wish) else { return false }
      step = .issue(try grant(decision, wish))
    case .issue(let grant):
      guard let answer = try setup.promptAnswer(grant, at: now) else { return false }
      answered(answer)
    case .answered: return false
    }
    return true
  }

  private mutating func wait() async throws(Refusal) {
    switch step {
    case .findCaller(let wish):
      step = .decide(wish, try admit(await setup.caller(of: request, at: now)))
    case .decide(let wish, let caller):
      step = .issue(try grant(await setup.decision(caller, wish), wish))
    case .issue(let grant): answered(try await setup.obtainedAnswer(grant))
    case .answered: break
    }
  }

  private mutating func admit(_ caller: Caller?) throws(Refusal) -> Caller {
    guard let caller else { throw .unauthorized(nil) }
    record.caller = caller.name
    record.way = caller.way
    guard setup.limit != nil else { return caller }
    let name = caller.limitName
    let seconds = endpoint.limiter.withLock { $0.secondsToWait(name, at: now) }
    if let seconds { throw .overLimit(seconds: seconds) }
    return caller
  }

  private mutating func grant(_ decision: PolicyDecision, _ wish: TokenWish) throws(Refusal) -> TokenGrant {
    switch decision {
    case .grant(let grant, let rule):
      record.rule = rule
      return try grant.narrowed(to: wish)
    case .refuse(let reason, let rule):
      record.rule = rule
      throw .forbidden(reason)
    }
  }

  private mutating func answered(_ answer: IssuedAnswer) {
    record.outcome = .granted(
      AuditRecord.Grant(
        form: setup.form, keyName: answer.keyName, clientId: answer.grant.clientId,
        capability: answer.grant.capability, ttl: answer.grant.ttl))
    finish(answer.response)
  }

  private mutating func refuse(_ refusal: Refusal) {
    record.outcome = .refused(refusal.recorded ?? refusal.error)
    finish(EndpointResponse(refusal))
  }

  private mutating func finish(_ response: EndpointResponse) {
    var response = response
    setup.origins.allow(request, in: &response)
    step = .answered(response)
    endpoint.telemetry.count(record, took: begun.duration(to: .now))
    endpoint.audit.record(record)
  }
}
