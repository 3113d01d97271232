internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// What else is to be done about a frame.
  enum Outcome: Sendable {
    case done
    /// The token is to be checked, and ``renew(over:_:now:)`` or ``fail(_:_:now:)`` called with what came of it,
    /// before the next frame of that socket.
    case authenticate(Secret)
  }

  /// Frames that a client sent together, as far as they can be dealt with at once.
  ///
  /// - Returns: what is to be done next, and how many frames were dealt with.
  mutating func receive(
    _ frames: ArraySlice<ClientFrame>, over transport: TransportID, now: Int64
  ) -> (Outcome, count: Int) {
    defer {
      deliverNow(now: now)
      closeAck()
    }
    for (index, frame) in frames.enumerated() {
      if case .authenticate(let token) = receive(frame, over: transport, now: now) {
        return (.authenticate(token), index + 1)
      }
    }
    return (.done, frames.count)
  }

  /// A frame from a client. One that is not expected is answered, never trusted.
  private mutating func receive(_ frame: ClientFrame, over transport: TransportID, now: Int64) -> Outcome {
    guard let id = owners[transport] else { return .done }
    do throws(ErrorInfo) {
      return try answer(frame, id, transport, now: now)
    } catch {
      deliverNow(now: now)
      disconnect(id, error, now: now)
      return .done
    }
  }

  private mutating func answer(
    _ frame: ClientFrame, _ id: String, _ transport: TransportID, now: Int64
  ) throws(ErrorInfo) -> Outcome {
    if frame.action != .message { deliverNow(now: now) }
    switch frame.action {
    case .heartbeat: beat(frame, id, now: now)
    case .close: closeWhereAsked(id, transport, now: now)
    case .disconnect: disconnectWhereAsked(id, transport, now: now)
    case .attach: try attach(frame, id, now: now)
    case .detach: try detach(frame, id, now: now)
    case .message: try publish(frame, id, now: now)
    case .presence: try changePresence(frame, id, now: now)
    case .sync: try sync(frame, id, now: now)
    case .auth: return try token(frame, id, now: now)
    // What is unknown is ignored (RTF1), unless somebody waits for an answer.
    default: refuseUnknown(frame, id, now: now)
    }
    return .done
  }

  private mutating func beat(_ frame: ClientFrame, _ id: String, now: Int64) {
    var answer = ProtocolMessage(.heartbeat)
    answer.id = frame.id
    send(answer, to: id, now: now)
  }

  private mutating func closeWhereAsked(_ id: String, _ transport: TransportID, now: Int64) {
    send(ProtocolMessage(.closed), to: id, now: now)
    close(transport)
    end(id, now: now)
  }

  private mutating func disconnectWhereAsked(_ id: String, _ transport: TransportID, now: Int64) {
    send(ProtocolMessage(.disconnected), to: id, now: now)
    lost(transport, now: now)
    close(transport)
  }

  private mutating func refuseUnknown(_ frame: ClientFrame, _ id: String, now: Int64) {
    guard let serial = frame.msgSerial, ![.ack, .nack, .connect].contains(frame.action) else { return }
    let error = ErrorInfo(.badRequest, "this service does not know the action", statusCode: 400)
    nack(serial, error, id, now: now)
  }

  mutating func ack(_ serial: Int64, results: [[String?]] = [], _ id: String, now: Int64) {
    answer(Self.ackMessage(serial, results: results), id, now: now)
  }

  static func ackMessage(_ serial: Int64, results: [[String?]]) -> ProtocolMessage {
    var answer = ProtocolMessage(.ack)
    answer.msgSerial = serial
    answer.count = 1
    answer.results = results
    return answer
  }

  mutating func nack(_ serial: Int64, _ error: ErrorInfo, _ id: String, now: Int64) {
    note(error.code)
    answer(Self.nackMessage(serial, error), id, now: now)
  }

  static func nackMessage(_ serial: Int64, _ error: ErrorInfo) -> ProtocolMessage {
    var answer = ProtocolMessage(.nack)
    answer.msgSerial = serial
    answer.count = 1
    answer.error = error
    return answer
  }

  private mutating func answer(_ answer: ProtocolMessage, _ id: String, now: Int64) {
    guard sessions[id]?.answers.isEmpty == false else { return send(answer, to: id, now: now) }
    changeAnswers(of: id) { $0.hold(answer) }
  }

  /// The channel that a frame is about.
  ///
  /// - Throws: 40000 where it names none: the frame is no frame.
  static func channel(of frame: ClientFrame) throws(ErrorInfo) -> String {
    guard let channel = frame.channel else {
      throw ErrorInfo(.badRequest, "the frame names no channel", statusCode: 400)
    }
    return channel
  }

  /// - Throws: 40000 where nobody could be told what became of it.
  static func serial(of frame: ClientFrame) throws(ErrorInfo) -> Int64 {
    guard let serial = frame.msgSerial, serial >= 0 else {
      throw ErrorInfo(.badRequest, "the frame has no msgSerial", statusCode: 400)
    }
    return serial
  }
}
