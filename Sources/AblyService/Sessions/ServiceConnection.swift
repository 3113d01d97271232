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
      case .frame(let frame): for frame in await admit(frame) { try await body(.frame(frame)) }
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
  package func receive(_ bytes: [UInt8]) async {
    do throws(ErrorInfo) {
      guard bytes.count <= core.realtime.settings.maximumFrameBytes else { throw Self.tooLarge(core) }
      let json = try format.decode(bytes, maximumDepth: core.realtime.settings.maximumDepth)
      guard let frame = try await admit(ClientFrame(json), json) else { return }
      try await core.receive(frame, over: transport)
    } catch {
      core.realtime.perform { $0.fail(transport, error, now: core.now) }
    }
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
