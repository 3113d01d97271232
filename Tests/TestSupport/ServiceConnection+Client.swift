package import AblyService
package import AblyTokens
package import AblyWire

/// A connection of the service ended, where a frame was waited for.
package struct ConnectionEnded: Error {}

/// A client of the service in its process reads and writes frames.
extension ServiceConnection {
  package func send(_ frame: JSONValue) async { await receive(format.encode(frame)) }

  /// The next frame of these actions; others are passed over.
  package func next(_ actions: [ProtocolAction]) async throws -> ProtocolMessage {
    struct Found: Error { let message: ProtocolMessage }
    do {
      try await forEachOutput { output in
        switch output {
        case .frame(let frame):
          let message = try ProtocolMessage(json: format.decode(frame.bytes(format)))
          if actions.contains(message.action) { throw Found(message: message) }
        case .ping: return
        case .close: throw ConnectionEnded()
        }
      }
    } catch let found as Found { return found.message }
    throw ConnectionEnded()
  }
}
