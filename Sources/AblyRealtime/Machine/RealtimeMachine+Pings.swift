internal import AblyTokens
internal import AblyWire

/// Questions whether the service is there (RTN13).
struct Pings: Sendable {
  struct Ping: Sendable {
    let ticket: Ticket
    let id: String
    /// When it was sent; `nil` while it waits for a connection (RTN13d).
    var sent: Duration?
  }

  private var pings: [Ping] = []

  mutating func append(_ ping: Ping) { pings.append(ping) }

  /// Takes out the one with this id (RTN13e).
  mutating func answered(_ id: String) -> Ping? {
    pings.firstIndex { $0.id == id && $0.sent != nil }.map { pings.remove(at: $0) }
  }

  /// Takes out the one of this ticket.
  mutating func remove(_ ticket: Ticket) -> Ping? {
    pings.firstIndex { $0.ticket == ticket }.map { pings.remove(at: $0) }
  }

  /// Takes out all; those that wait for a connection alone, where asked.
  mutating func removeAll(waitingOnly: Bool = false) -> [Ping] {
    defer { pings.removeAll { !waitingOnly || $0.sent == nil } }
    return pings.filter { !waitingOnly || $0.sent == nil }
  }
}

extension RealtimeMachine {
  mutating func ping(_ ticket: Ticket, id: String) {
    switch state {
    case .connected: send(Pings.Ping(ticket: ticket, id: id))
    case .connecting, .disconnected: pings.append(Pings.Ping(ticket: ticket, id: id))
    default: emit(.complete(ticket, .failure(errorReason ?? .notConnected(in: state))))
    }
  }

  private mutating func send(_ ping: Pings.Ping) {
    var ping = ping
    ping.sent = moment.uptime
    pings.append(ping)
    var message = ProtocolMessage(.heartbeat)
    message.id = ping.id
    deadlines[.ping(ping.ticket)] = moment.uptime + settings.requestTimeout
    emit(.send(message))
  }

  mutating func sendWaitingPings() {
    for ping in pings.removeAll(waitingOnly: true) { send(ping) }
  }

  mutating func answered(ping id: String) {
    guard let ping = pings.answered(id), let sent = ping.sent else { return }
    deadlines.clear(.ping(ping.ticket))
    emit(.complete(ping.ticket, .success(.roundTrip(moment.uptime - sent))))
  }

  mutating func notPingedInTime(_ ticket: Ticket) {
    guard let ping = pings.remove(ticket) else { return }
    emit(
      .complete(
        ping.ticket,
        .failure(ErrorInfo(.timeout, "the service did not answer the ping in \(settings.requestTimeout)"))))
  }

  mutating func failPings(_ reason: ErrorInfo?) {
    for ping in pings.removeAll() {
      deadlines.clear(.ping(ping.ticket))
      emit(.complete(ping.ticket, .failure(reason ?? .notConnected(in: state))))
    }
  }
}
