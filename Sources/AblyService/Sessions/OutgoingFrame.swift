internal import AblyTokens
package import AblyWire
internal import Synchronization

/// A frame to send: one for all who get the same, and encoded once for each format.
package final class OutgoingFrame: Sendable {
  package let message: ProtocolMessage

  /// What it takes in memory, roughly.
  let weight: Int

  private let raw: JSONValue?
  private let encoded = Locked<[WireFormat: [UInt8]]>([:])

  init(_ message: ProtocolMessage, weight: Int = 0) {
    self.message = message
    self.weight = weight + 256
    raw = nil
  }

  /// A frame that a fault rule gives, whatever is in it.
  init(_ json: JSONValue) {
    message = (try? ProtocolMessage(json: json)) ?? ProtocolMessage(.heartbeat)
    weight = json.text.utf8.count + 256
    raw = json
  }

  /// The frame in JSON's form.
  var json: JSONValue {
    get throws(ErrorInfo) { if let raw { raw } else { try message.json() } }
  }

  /// The frame as it travels.
  package func bytes(_ format: WireFormat) -> [UInt8] {
    if let bytes = encoded.withLock({ $0[format] }) { return bytes }
    // What the service writes itself can be written.
    guard let json = try? self.json else {
      assertionFailure("a frame of the service cannot be encoded")
      return []
    }
    let bytes = format.encode(json)
    encoded.withLock { $0[format] = bytes }
    return bytes
  }
}
