internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import Synchronization

/// One socket of an ``InProcessRealtimeTransport``.
final class InProcessSocket: RealtimeSocket {
  private let request: RealtimeRequest
  private let receive: @Sendable (RealtimeSocketEvent) -> Void
  private let isOver = Locked(false)
  private let (sent, newSent) = AsyncStream.makeStream(of: [UInt8].self)

  init(_ request: RealtimeRequest, _ receive: @escaping @Sendable (RealtimeSocketEvent) -> Void) {
    self.request = request
    self.receive = receive
  }

  func send(_ frame: RealtimeFrame) { newSent.yield(frame.bytes) }

  func close() {
    isOver.withLock { $0 = true }
    newSent.finish()
  }

  /// Tells the client of the end, unless it closed the socket or was told before.
  func end(_ end: RealtimeSocketEnd) {
    let wasOver = isOver.withLock { isOver in
      defer { isOver = true }
      return isOver
    }
    newSent.finish()
    if !wasOver { receive(.ended(end)) }
  }

  /// Carries frames in both directions until one end closes the socket, or the task is cancelled.
  func serve(by core: ServiceCore) async {
    let connection = await core.connect(question)
    let end = await withTaskGroup(of: RealtimeSocketEnd.self) { tasks in
      tasks.addTask { [sent] in
        for await bytes in sent { await connection.receive(bytes) }
        return .closed(code: nil)
      }
      tasks.addTask { await self.deliver(from: connection) }
      tasks.addTask {
        await connection.waitForCut()
        return .closed(code: nil)
      }
      defer { tasks.cancelAll() }
      return await tasks.next() ?? .closed(code: nil)
    }
    connection.end()
    self.end(end)
  }

  private func deliver(from connection: ServiceConnection) async -> RealtimeSocketEnd {
    do {
      try await connection.forEachOutput { output in
        switch output {
        case .frame(let frame): try deliver(frame.bytes(connection.format), connection.format)
        case .ping: deliver(.activity)
        case .close(let code): throw Closed(end: .closed(code: code.map(Int.init)))
        }
      }
    } catch let closed as Closed {
      return closed.end
    } catch {}
    return .closed(code: nil)
  }

  private struct Closed: Error {
    let end: RealtimeSocketEnd
  }

  private func deliver(_ bytes: [UInt8], _ format: WireFormat) throws(Closed) {
    guard bytes.count <= request.maximumFrameSize else {
      throw Closed(end: .failed(HTTPFailure(.tooLarge, "a frame of \(bytes.count) bytes")))
    }
    deliver(.frame(RealtimeFrame(isText: format == .json, bytes: bytes)))
  }

  private func deliver(_ event: RealtimeSocketEvent) {
    if !isOver.withLock(\.self) { receive(event) }
  }

  private var question: ServiceRequest {
    var headers = HeaderFields(minimumCapacity: request.headers.count + 1)
    for (name, value) in request.headers { headers.append(name.lowercased(), value) }
    headers["host"] = request.authority
    return ServiceRequest(
      "GET", request.target, fields: headers,
      peer: ServiceRequest.Peer(isLoopback: true, isSecure: request.isSecure))
  }
}
