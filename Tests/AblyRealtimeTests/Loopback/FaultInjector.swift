internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens
internal import AblyWire
internal import Synchronization

/// Real sockets, between which and the client a test puts faults.
final class FaultInjector: RealtimeTransport {
  /// What becomes of a socket that is about to be opened.
  enum Plan: Sendable {
    /// It is opened, and these frames reach the client instead of the service's first.
    case instead(of: Int64, [JSONValue])
    /// It cannot be opened.
    case refuse(RealtimeSocketEnd)
    /// It is opened for another request.
    case change(@Sendable (inout RealtimeRequest) -> Void)
  }

  private struct State: Sendable {
    var plans: [Plan] = []
    var sockets: [FaultySocket] = []
  }

  private let base = NIOWebSocketTransport(openTimeout: .seconds(300))
  private let state = Locked(State())

  /// Makes plans for the next sockets.
  init(_ plans: Plan...) { state.withLock { $0.plans = plans } }

  /// Nothing is planned any more.
  func forgetPlans() { state.withLock { $0.plans = [] } }

  func plan(_ plan: Plan) { state.withLock { $0.plans.append(plan) } }

  var sockets: [FaultySocket] { state.withLock { $0.sockets } }

  func open(
    _ request: RealtimeRequest, receive: @escaping @Sendable (RealtimeSocketEvent) -> Void
  ) -> any RealtimeSocket {
    let plan = state.withLock { $0.plans.isEmpty ? nil : $0.plans.removeFirst() }
    var changed = request
    if case .change(let change) = plan { change(&changed) }
    let socket = FaultySocket(changed, receive, plan)
    state.withLock { $0.sockets.append(socket) }
    if case .refuse(let end) = plan { receive(.ended(end)) } else { socket.begin(base) }
    return socket
  }
}

/// One socket of a ``FaultInjector``.
final class FaultySocket: RealtimeSocket {
  private struct State: Sendable {
    var base: (any RealtimeSocket)?
    var isOver = false
    var instead: (action: Int64, frames: [JSONValue])?
    var swallowed: Set<Int64> = []
    var isMute = false
  }

  let request: RealtimeRequest
  private let receive: @Sendable (RealtimeSocketEvent) -> Void
  private let state = Locked(State())

  init(
    _ request: RealtimeRequest, _ receive: @escaping @Sendable (RealtimeSocketEvent) -> Void,
    _ plan: FaultInjector.Plan?
  ) {
    self.request = request
    self.receive = receive
    if case .instead(let action, let frames) = plan { state.withLock { $0.instead = (action, frames) } }
  }

  func begin(_ transport: NIOWebSocketTransport) {
    let base = transport.open(request) { [weak self] in self?.happened($0) }
    state.withLock { $0.base = base }
  }

  func send(_ frame: RealtimeFrame) { state.withLock { $0.base }?.send(frame) }

  func close() {
    let base = state.withLock { state in
      state.isOver = true
      return state.base
    }
    base?.close()
  }

  // MARK: Faults

  /// Frames with this action no longer reach the client.
  func swallow(_ action: Int64) { state.withLock { _ = $0.swallowed.insert(action) } }

  /// Nothing that the service does reaches the client any more, not even that it ends the socket.
  func mute() { state.withLock { $0.isMute = true } }

  /// All frames reach the client again.
  func forgive() { state.withLock { $0.swallowed = [] } }

  /// The network is gone.
  func cut() {
    state.withLock { $0.base }?.close()
    deliver(.ended(.closed(code: nil)))
  }

  /// The service seems to send this.
  func inject(_ json: JSONValue) {
    let isText = request.target.contains("format=json")
    deliver(
      .frame(RealtimeFrame(isText: isText, bytes: (isText ? WireFormat.json : .messagePack).encode(json))))
  }

  private func happened(_ event: RealtimeSocketEvent) {
    guard !state.withLock(\.isMute) else { return }
    guard case .frame(let frame) = event,
      let json = try? (frame.isText ? WireFormat.json : .messagePack).decode(frame.bytes),
      let action = json["action"]?.number?.int64
    else { return deliver(event) }
    let (isSwallowed, instead) = state.withLock { state -> (Bool, [JSONValue]?) in
      guard let instead = state.instead, instead.action == action else {
        return (state.swallowed.contains(action), nil)
      }
      state.instead = nil
      return (false, instead.frames)
    }
    if let instead { for json in instead { inject(json) } } else if !isSwallowed { deliver(event) }
  }

  private func deliver(_ event: RealtimeSocketEvent) {
    let wasOver = state.withLock { state in
      defer { if case .ended = event { state.isOver = true } }
      return state.isOver
    }
    if !wasOver { receive(event) }
  }
}
