internal import AblyTokens
internal import Synchronization

/// Carries out what ``RealtimeHub`` decides: one event at a time, and in its order.
final class Realtime: Sendable {
  private struct State {
    var hub: RealtimeHub
    var outboxes: [TransportID: Outbox] = [:]
    var count: UInt64 = 0
    var announced: Int64?
  }

  let settings: RealtimeSettings
  let alarm = Alarm()
  private let metrics: ServiceMetrics
  private let appender: LogAppender?
  private let state: Locked<State>

  init(
    serverId: String, settings: RealtimeSettings, metrics: ServiceMetrics, appender: LogAppender? = nil
  ) {
    self.settings = settings
    self.metrics = metrics
    self.appender = appender
    state = Locked(State(hub: RealtimeHub(serverId: serverId, settings: settings)))
  }

  /// A socket that is here to stay for a while, and what goes out on it.
  func open() -> (TransportID, Outbox) {
    let outbox = Outbox(settings)
    return state.withLock { state in
      state.count += 1
      let transport = TransportID(value: state.count)
      state.outboxes[transport] = outbox
      return (transport, outbox)
    }
  }

  /// A socket that is gone.
  func close(_ transport: TransportID, now: Int64) {
    perform { $0.lost(transport, now: now) }
    state.withLock { _ = $0.outboxes.removeValue(forKey: transport) }
  }

  /// Lets the hub decide, and passes on what follows from it before anything else is decided.
  @discardableResult
  func perform<Result: Sendable, Failure: Error>(
    _ body: (inout RealtimeHub) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let (result, isEarlier) = try state.withLock { state throws(Failure) in
      let result = try body(&state.hub)
      for effect in state.hub.takeEffects() { carryOut(effect, state.outboxes) }
      let next = state.hub.nextDeadline
      defer { state.announced = next }
      return (result, next ?? .max < state.announced ?? .max)
    }
    if isEarlier { alarm.ring() }
    return result
  }

  /// Does to a socket what a fault rule says, without the hub's knowledge.
  func force(_ action: FaultRule.Action, on transport: TransportID?) {
    guard let transport, let outbox = state.withLock({ $0.outboxes[transport] }) else { return }
    switch action {
    case .refuse, .drop: outbox.cut()
    case .close(let code): outbox.push(.close(code: code))
    case .suppress, .suppressOnwards: outbox.mute()
    case .inject(let json), .replace(let json): outbox.push(.frame(OutgoingFrame(json)))
    case .injectAndClose(let json, let code):
      outbox.push(.frame(OutgoingFrame(json)))
      outbox.push(.close(code: code))
    case .passthrough, .delay, .respond, .respondInstead: break
    }
  }

  private func carryOut(_ effect: RealtimeEffect, _ outboxes: [TransportID: Outbox]) {
    switch effect {
    case .none: break
    case .send(let transport, let frame): outboxes[transport]?.push(.frame(frame))
    case .ping(let transport): outboxes[transport]?.push(.ping)
    case .close(let transport): outboxes[transport]?.push(.close(code: 1000))
    case .refused(let transport, let code):
      metrics.refused(code)
      if let transport { outboxes[transport]?.note(code) }
    case .hold(let transport, let isHeld): outboxes[transport]?.hold(isHeld)
    case .append(let entries, let ticket): appender?.submit(entries, ticket)
    }
  }
}
