internal import AblyTokens
internal import AblyWire
internal import Synchronization

extension ServiceConnection {
  /// What arrives of a frame of the service.
  enum Arrival: Sendable {
    case whole
    /// Nothing, or this instead.
    case changed([OutgoingFrame])
    /// The frame, and so many milliseconds later whatever comes after it.
    case late(Int64)
  }

  /// What a fault rule makes of a frame of the service.
  func arrival(of frame: OutgoingFrame) -> Arrival {
    guard !outbox.isMute else { return .changed([]) }
    let administration = core.administration
    guard administration.isWatching else { return .whole }
    if administration.isEnabled, let json = try? frame.json {
      administration.note(FrameNote.of(json, toClient: true, at: core.now))
    }
    let event = FaultEvent.frameToClient(frame.message.action, channel: frame.message.channel)
    switch administration.action(for: event) {
    case nil, .passthrough, .respond, .respondInstead, .drop: return .whole
    case .suppress: return .changed([])
    case .suppressOnwards:
      outbox.mute()
      return .changed([])
    case .delay(let milliseconds): return .late(milliseconds)
    case .inject(let json): return .changed([frame, OutgoingFrame(json)])
    case .replace(let json): return .changed([OutgoingFrame(json)])
    case .injectAndClose(let json, let code):
      end(code)
      return .changed([OutgoingFrame(json)])
    case .close(let code):
      end(code)
      return .changed([])
    case .refuse:
      outbox.cut()
      return .changed([])
    }
  }

  /// What arrives of a frame of the client.
  enum ClientArrival: Sendable {
    case frame(ClientFrame)
    case nothing
    /// The frame, so many milliseconds later.
    case late(ClientFrame, Int64)
  }

  /// What a fault rule makes of a frame of the client.
  func arrival(of frame: ClientFrame, _ bytes: [UInt8]) throws(ErrorInfo) -> ClientArrival {
    guard !isDeaf.withLock(\.self) else { return .nothing }
    let administration = core.administration
    if administration.isEnabled {
      let json = try format.decode(bytes, maximumDepth: core.realtime.settings.maximumDepth)
      administration.note(FrameNote.of(json, toClient: false, at: core.now))
    }
    switch administration.action(for: .frameToServer(frame.action, channel: frame.channel)) {
    case nil, .passthrough, .respond, .respondInstead, .drop: return .frame(frame)
    case .suppress: return .nothing
    case .suppressOnwards:
      isDeaf.withLock { $0 = true }
      return .nothing
    case .delay(let milliseconds): return .late(frame, milliseconds)
    case .replace(let json): return .frame(try ClientFrame(json))
    case .inject(let json):
      outbox.push(.frame(OutgoingFrame(json)))
      return .frame(frame)
    case .injectAndClose(let json, let code):
      outbox.push(.frame(OutgoingFrame(json)))
      end(code)
      return .nothing
    case .close(let code):
      end(code)
      return .nothing
    case .refuse:
      outbox.cut()
      return .nothing
    }
  }

  /// What happens to a client that connects; `false` where it does not get that far.
  func admitConnect(_ query: [String: String]) async -> Bool {
    let administration = core.administration
    administration.note(FrameNote.connect(query, at: core.now))
    switch administration.action(for: .connect(query: query)) {
    case .refuse, .drop:
      outbox.cut()
      return false
    case .close(let code):
      outbox.push(.close(code: code))
      return false
    case .injectAndClose(let json, let code):
      outbox.push(.frame(OutgoingFrame(json)))
      outbox.push(.close(code: code))
      return false
    case .delay(let milliseconds):
      await core.pause(milliseconds: milliseconds)
      return true
    default: return true
    }
  }

  // Nothing that waits is sent before the end.
  private func end(_ code: UInt16?) {
    outbox.mute()
    outbox.push(.close(code: code))
  }
}
