internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Logging
internal import Synchronization

extension RealtimeEngine {
  /// - Parameters:
  ///   - number: its place among all.
  ///   - caller: takes out the next of those who are told what became of what they asked for.
  func perform(_ effect: RealtimeEffect, number: Int, _ caller: () -> Caller?) {
    switch effect {
    case .authenticate(let number, let refused, let error):
      newJobs.yield(.authenticate(number, insteadOf: refused, because: error))
    case .reauthenticate(let credentials): newJobs.yield(.reauthenticate(insteadOf: credentials))
    case .findAlternatives(let number): newJobs.yield(.findAlternatives(number))
    case .open(let number, let opening): open(number, opening)
    case .send(let message): send(message)
    case .drop: dropSocket()
    case .identified, .stands: break
    case .changed(let change): changed(Numbered(number: number, change: change))
    case .channelChanged(let name, let change):
      listeners.told(name).changes.send(Numbered(number: number, change: change))
    case .messages(let name, let messages): listeners.told(name).messages.send(messages)
    case .presence(let name, let messages): listeners.told(name).presence.send(messages)
    case .released(let name): listeners.remove(name)
    case .warn(let error): logger.warning("\(error)")
    case .complete(_, let result): caller()?.resume(returning: result)
    case .over: finish()
    }
  }

  private func open(_ number: Int, _ opening: Opening) {
    let request = query.request(opening)
    logger.debug("opening a connection", metadata: ["host": "\(opening.origin.authority)"])
    // Not the whole of them: they hold the token.
    let (origin, maximum) = (opening.origin, request.maximumFrameSize)
    let socket = transport.open(request) { [weak self] event in
      self?.received(event, on: number, origin, maximum)
    }
    room.withLock { $0.socket = socket }
  }

  private func received(_ event: RealtimeSocketEvent, on number: Int, _ origin: Origin, _ maximum: Int) {
    switch event {
    case .activity: handle(.activity(number))
    case .ended(let end):
      let error = end.error(
        at: origin, maximumFrameSize: maximum, openTimeout: options.httpOpenTimeout)
      logger.debug("a connection ended", metadata: ["error": "\(error)"])
      handle(.lost(number, error, isHostFailure: end.isHostFailure))
    case .frame(let frame):
      do throws(ErrorInfo) {
        handle(.frame(number, try message(of: frame, from: origin)))
      } catch {
        let error = ErrorInfo(
          .protocolError, "\(origin.authority) sent a frame that is none of the protocol",
          remedy: "Nothing: the connection is made anew.", cause: error)
        logger.warning("\(error)")
        handle(.lost(number, error, isHostFailure: false))
      }
    }
  }

  /// Deeper than any body may be: what somebody published must not end the connection of those who read it.
  private static let maximumDepth = 128

  private func message(of frame: RealtimeFrame, from origin: Origin) throws(ErrorInfo) -> ProtocolMessage {
    var unreadable: (count: Int, first: ErrorInfo)?
    let message = try (frame.isText ? WireFormat.json : .messagePack)
      .frame(of: frame.bytes, maximumDepth: Self.maximumDepth) { error in
        unreadable = ((unreadable?.count ?? 0) + 1, unreadable?.first ?? error)
      }
    if let unreadable {
      logger.warning(
        "messages of a frame were left out, since they cannot be read",
        metadata: [
          "host": "\(origin.authority)", "count": "\(unreadable.count)", "error": "\(unreadable.first)",
        ])
    }
    return message
  }

  private func send(_ message: ProtocolMessage) {
    guard let socket = room.withLock(\.socket) else { return }
    do throws(ErrorInfo) {
      socket.send(RealtimeFrame(isText: format == .json, bytes: try format.encode(message)))
    } catch {
      logger.error("a frame could not be written", metadata: ["error": "\(error)"])
      if let serial = message.msgSerial { handle(.notWritten(serial, error)) }
    }
  }

  private func dropSocket() {
    let socket = room.withLock { room in
      defer { room.socket = nil }
      return room.socket
    }
    socket?.close()
  }

  private func changed(_ news: Numbered<ConnectionStateChange>) {
    let change = news.change
    logger.debug(
      "the connection changed",
      metadata: ["from": "\(change.previous)", "to": "\(change.current)"].merging(
        change.reason.map { ["reason": "\($0)"] } ?? [:]
      ) { $1 })
    changes.send(news)
    if change.current == .closed || change.current == .failed { endIfAsked() }
  }
}
