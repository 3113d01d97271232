internal import AblyAuth
internal import AblyTokens
internal import AblyWire

@testable internal import AblyRealtime

extension [RealtimeEffect] {
  var changes: [ConnectionStateChange] {
    compactMap { if case .changed(let change) = $0 { change } else { nil } }
  }

  /// The states that were entered; an UPDATE is `nil`.
  var states: [ConnectionState?] { changes.map { $0.event == .update ? nil : $0.current } }

  var sent: [ProtocolMessage] { compactMap { if case .send(let message) = $0 { message } else { nil } } }

  func sent(_ action: ProtocolAction) -> [ProtocolMessage] { sent.filter { $0.action == action } }

  var opened: [Opening] { compactMap { if case .open(_, let opening) = $0 { opening } else { nil } } }

  var asked: Int { count { if case .authenticate = $0 { true } else { false } } }

  var drops: Int { count { if case .drop = $0 { true } else { false } } }

  func channelChanges(_ name: String) -> [ChannelStateChange] {
    compactMap { effect in
      if case .channelChanged(name, let change) = effect { change } else { nil }
    }
  }

  func channelStates(_ name: String) -> [ChannelState?] {
    channelChanges(name).map { $0.event == .update ? nil : $0.current }
  }

  func messages(_ name: String) -> [Message] {
    flatMap { effect -> [Message] in
      if case .messages(name, let messages) = effect { messages } else { [] }
    }
  }

  func presence(_ name: String) -> [PresenceMessage] {
    flatMap { effect -> [PresenceMessage] in
      if case .presence(name, let messages) = effect { messages } else { [] }
    }
  }

  var warnings: [ErrorInfo] { compactMap { if case .warn(let error) = $0 { error } else { nil } } }

  /// What became of a ticket; `nil` while nothing did.
  func outcome(_ ticket: Ticket) -> Result<Answer, ErrorInfo>? {
    for case .complete(ticket, let result) in self { return result }
    return nil
  }

  func error(_ ticket: Ticket) -> ErrorInfo? {
    if case .failure(let error) = outcome(ticket) { error } else { nil }
  }

  func succeeded(_ ticket: Ticket) -> Bool {
    if case .success = outcome(ticket) { true } else { false }
  }

  func members(_ ticket: Ticket) -> [String]? {
    guard case .success(.members(let members)) = outcome(ticket) else { return nil }
    return members.compactMap(\.clientId).sorted()
  }
}
