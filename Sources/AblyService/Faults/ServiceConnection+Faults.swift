internal import AblyTokens
internal import AblyWire
internal import Synchronization

extension ServiceConnection {
  /// What arrives of a frame of the service.
  func admit(_ frame: OutgoingFrame) async -> [OutgoingFrame] {
    guard !outbox.isMute else { return [] }
    let administration = core.administration
    if administration.isEnabled, let json = try? frame.json {
      administration.note(FrameNote.of(json, toClient: true, at: core.now))
    }
    let event = FaultEvent.frameToClient(frame.message.action, channel: frame.message.channel)
    switch administration.action(for: event) {
    case nil, .passthrough, .respond, .respondInstead, .drop: return [frame]
    case .suppress: return []
    case .suppressOnwards:
      outbox.mute()
      return []
    case .delay(let milliseconds):
      try? await Task.sleep(for: .milliseconds(milliseconds))
      return [frame]
    case .inject(let json): return [frame, OutgoingFrame(json)]
    case .replace(let json): return [OutgoingFrame(json)]
    case .injectAndClose(let json, let code):
      end(code)
      return [OutgoingFrame(json)]
    case .close(let code):
      end(code)
      return []
    case .refuse:
      outbox.cut()
      return []
    }
  }

  /// What arrives of a frame of the client.
  func admit(_ frame: ClientFrame, _ json: JSONValue) async throws(ErrorInfo) -> ClientFrame? {
    guard !isDeaf.withLock(\.self) else { return nil }
    let administration = core.administration
    administration.note(FrameNote.of(json, toClient: false, at: core.now))
    switch administration.action(for: .frameToServer(frame.action, channel: frame.channel)) {
    case nil, .passthrough, .respond, .respondInstead, .drop: return frame
    case .suppress: return nil
    case .suppressOnwards:
      isDeaf.withLock { $0 = true }
      return nil
    case .delay(let milliseconds):
      try? await Task.sleep(for: .milliseconds(milliseconds))
      return frame
    case .replace(let json): return try ClientFrame(json)
    case .inject(let json):
      outbox.push(.frame(OutgoingFrame(json)))
      return frame
    case .injectAndClose(let json, let code):
      outbox.push(.frame(OutgoingFrame(json)))
      end(code)
      return nil
    case .close(let code):
      end(code)
      return nil
    case .refuse:
      outbox.cut()
      return nil
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
      try? await Task.sleep(for: .milliseconds(milliseconds))
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
