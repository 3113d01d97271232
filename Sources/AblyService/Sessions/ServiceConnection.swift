internal import AblyTokens
package import AblyWire
internal import Synchronization

/// One socket of a realtime client, or what stands for one where client and service are one process.
package final class ServiceConnection: Sendable {
  package let format: WireFormat
  let transport: TransportID
  let outbox: Outbox
  let core: ServiceCore

  /// Whether frames of the client count for nothing, because a fault rule wants it so.
  let isDeaf = Locked(false)

  private let isCounted = Locked(false)

  init(_ core: ServiceCore, format: WireFormat) {
    self.core = core
    self.format = format
    (transport, outbox) = core.realtime.open()
  }

  /// What the service has for its client.
  package enum Output: Sendable {
    case frame(OutgoingFrame)
    case ping
    /// The last thing there is: a close frame with this code, or without one the end of the socket.
    case close(code: UInt16?)
  }

  /// What the service sends, as it comes, until the connection ends. For one reader.
  package func forEachOutput(_ body: (Output) async throws -> Void) async rethrows {
    try await outbox.forEach { item in
      switch item {
      case .frame(let frame):
        switch arrival(of: frame) {
        case .whole: try await body(.frame(frame))
        case .changed(let frames): for frame in frames { try await body(.frame(frame)) }
        case .late(let milliseconds):
          await core.pause(milliseconds: milliseconds)
          try await body(.frame(frame))
        }
      case .ping: if !outbox.isMute { try await body(.ping) }
      case .close(let code): try await body(.close(code: code))
      }
    }
  }

  /// Returns when the socket is to be given up at once.
  package func waitForCut() async { await outbox.waitForCut() }

  /// Returns when the service has said its last word, whether or not the client reads it.
  package func waitForEnd() async { await outbox.waitForEnd() }

  /// A frame from the client. Frames are given one after the other.
  package func receive(_ bytes: [UInt8]) async { await receive([bytes]) }

  /// Frames that the client sent together. They are dealt with together, so that what follows from them goes out
  /// together as well.
  package func receive(_ frames: [[UInt8]]) async {
    if let errand = take(frames) { await run(errand) }
  }

  /// What of a client's frames has to be waited for, and what comes after it.
  struct Errand: Sendable {
    /// A fault rule holds the frame up, for so many milliseconds.
    fileprivate var delay: (frame: ClientFrame, milliseconds: Int64)?
    /// The token of an AUTH is to be checked.
    fileprivate var token: Secret?
    /// The frames after it, and what was wrong with the one after those.
    fileprivate var frames: ArraySlice<ClientFrame> = []
    fileprivate var failure: ErrorInfo?
    /// Frames after it that are to be looked at one by one.
    fileprivate var unread: ArraySlice<[UInt8]> = []
  }

  /// The same as far as nothing has to be waited for.
  ///
  /// - Returns: what remains to be done before the next frame.
  func take(_ frames: [[UInt8]]) -> Errand? {
    if core.administration.isWatching || isDeaf.withLock(\.self) { return takeOneByOne(frames[...]) }
    var errand = Errand()
    do throws(ErrorInfo) {
      for bytes in frames { errand.frames.append(try read(bytes)) }
    } catch {
      errand.failure = error
    }
    return rest(of: errand)
  }

  /// Deals with frames up to one that brings a token.
  private func rest(of errand: Errand) -> Errand? {
    var rest = errand
    (rest.frames, rest.token) = core.receive(errand.frames, over: transport)
    if rest.token != nil { return rest }
    if let failure = rest.failure { fail(failure) }
    return nil
  }

  /// The same where fault rules may meet each frame.
  private func takeOneByOne(_ frames: ArraySlice<[UInt8]>) -> Errand? {
    var rest = frames
    while let bytes = rest.popFirst() {
      do throws(ErrorInfo) {
        switch try arrival(of: read(bytes), bytes) {
        case .frame(let frame):
          guard let token = core.receive([frame], over: transport).token else { break }
          return Errand(token: token, unread: rest)
        case .nothing: break
        case .late(let frame, let milliseconds): return Errand(delay: (frame, milliseconds), unread: rest)
        }
      } catch {
        fail(error)
      }
    }
    return nil
  }

  /// Does what remained to be done.
  func run(_ errand: Errand) async {
    var next: Errand? = errand
    while let errand = next {
      do throws(ErrorInfo) { try await wait(for: errand) } catch { return fail(error) }
      next = errand.unread.isEmpty ? rest(of: errand) : takeOneByOne(errand.unread)
    }
  }

  private func wait(for errand: Errand) async throws(ErrorInfo) {
    var token = errand.token
    if let delay = errand.delay {
      await core.pause(milliseconds: delay.milliseconds)
      token = core.receive([delay.frame], over: transport).token
    }
    if let token { try await core.check(token, over: transport) }
  }

  private func read(_ bytes: [UInt8]) throws(ErrorInfo) -> ClientFrame {
    let settings = core.realtime.settings
    guard bytes.count <= settings.maximumFrameBytes else { throw Self.tooLarge(core) }
    return try ClientFrame(bytes, format, maximumDepth: settings.maximumDepth)
  }

  private func fail(_ error: ErrorInfo) {
    core.realtime.perform { $0.fail(transport, error, now: core.now) }
  }

  /// The socket is gone.
  package func end() {
    core.realtime.close(transport, now: core.now)
    let wasCounted = isCounted.withLock { isCounted in
      defer { isCounted = false }
      return isCounted
    }
    if wasCounted { core.metrics.connectionClosed() }
  }

  /// Counts it among the connections until it ends.
  func count() {
    isCounted.withLock { $0 = true }
    core.metrics.connectionOpened()
  }

  /// The service goes away: the socket is closed, and the client may come back.
  package func goAway() { outbox.push(.close(code: 1001)) }

  private static func tooLarge(_ core: ServiceCore) -> ErrorInfo {
    ErrorInfo(
      .maxMessageSizeExceeded,
      "the frame is larger than \(core.realtime.settings.maximumFrameBytes) bytes", statusCode: 413)
  }
}
