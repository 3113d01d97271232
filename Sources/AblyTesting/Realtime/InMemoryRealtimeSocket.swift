public import AblyRealtime
public import AblyTokens
internal import AblyWire
internal import Synchronization

/// One socket of an ``InMemoryRealtimeTransport``: the client holds one end, the test the other.
public final class InMemoryRealtimeSocket: RealtimeSocket {
  /// What the client asked for.
  public let request: RealtimeRequest

  private let receive: @Sendable (RealtimeSocketEvent) -> Void
  private let sent = Mailbox<RealtimeFrame>()
  private let isOver = Locked(false)

  init(_ request: RealtimeRequest, _ receive: @escaping @Sendable (RealtimeSocketEvent) -> Void) {
    self.request = request
    self.receive = receive
  }

  // MARK: The client's end

  /// Sends a frame; see `RealtimeSocket`.
  public func send(_ frame: RealtimeFrame) { sent.put(frame) }

  /// Closes the socket; see `RealtimeSocket`.
  public func close() {
    isOver.withLock { $0 = true }
    sent.close()
  }

  // MARK: The test's end

  /// The values of the query, such as `accessToken`.
  public var query: [String: String] {
    var query: [String: String] = [:]
    for field in request.target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decodeForm(parts[0]) else { continue }
      query[name] = parts.count > 1 ? PercentEncoding.decodeForm(parts[1]) : ""
    }
    return query
  }

  /// Whether it was closed, by either end.
  public var isClosed: Bool { isOver.withLock { $0 } }

  /// What the client sends next. `nil` when it closed the socket, or the task is cancelled.
  public func nextFrame() async -> RealtimeFrame? { await sent.take() }

  /// What the client sends next, read.
  ///
  /// - Throws: 40000 for a frame that cannot be read.
  public func next() async throws(ErrorInfo) -> JSONValue? {
    guard let frame = await nextFrame() else { return nil }
    return try (frame.isText ? WireFormat.json : .messagePack).decode(frame.bytes)
  }

  /// What the client has sent, without waiting for it. `nil` where there is nothing.
  public func nextSentAlready() throws(ErrorInfo) -> JSONValue? {
    guard let frame = sent.takeNow() else { return nil }
    return try (frame.isText ? WireFormat.json : .messagePack).decode(frame.bytes)
  }

  /// Hands the client a frame, in the format that it asked for.
  public func deliver(_ json: JSONValue) {
    let format: WireFormat = query["format"] == "json" ? .json : .messagePack
    happen(.frame(RealtimeFrame(isText: format == .json, bytes: format.encode(json))))
  }

  /// Lets something happen to the client's socket.
  public func happen(_ event: RealtimeSocketEvent) {
    let wasOver = isOver.withLock { isOver in
      defer { if case .ended = event { isOver = true } }
      return isOver
    }
    guard !wasOver else { return }
    if case .ended = event { sent.close() }
    receive(event)
  }
}
