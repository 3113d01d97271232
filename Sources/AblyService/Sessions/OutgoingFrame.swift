internal import AblyTokens
package import AblyWire
internal import NIOCore
internal import Synchronization

/// A frame to send: one for all who get the same, and encoded once for each format.
package final class OutgoingFrame: Sendable {
  package let message: ProtocolMessage

  /// What it takes in memory, roughly.
  let weight: Int

  private let raw: JSONValue?
  private let packets = Locked(Packets())

  private struct Packets: Sendable {
    var json: ByteBuffer?
    var messagePack: ByteBuffer?
  }

  init(_ message: ProtocolMessage, weight: Int = 0) {
    self.message = message
    self.weight = weight + 256 + message.textSize
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
    if let raw { return format.encode(raw) }
    // What the service writes itself can be written.
    guard let bytes = try? format.encode(message) else {
      assertionFailure("a frame of the service cannot be encoded")
      return []
    }
    return bytes
  }

  /// The frame as a WebSocket carries it: the same memory for all who get it.
  func packet(_ format: WireFormat) -> ByteBuffer {
    packets.withLock { packets in
      switch format {
      case .json: made(&packets.json, format)
      case .messagePack: made(&packets.messagePack, format)
      }
    }
  }

  private func made(_ packet: inout ByteBuffer?, _ format: WireFormat) -> ByteBuffer {
    if let packet { return packet }
    let made = ByteBuffer(webSocketFrame: bytes(format), isText: format == .json)
    packet = made
    return made
  }
}

extension ProtocolMessage {
  /// How long the texts are that a client may have written, beside messages and members, in bytes.
  fileprivate var textSize: Int {
    [id, channel, channelSerial, error?.message].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
      + params.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
  }
}

extension ByteBuffer {
  /// A frame of a service, which is not masked (RFC 6455, 5.2).
  fileprivate init(webSocketFrame bytes: [UInt8], isText: Bool) {
    self.init()
    reserveCapacity(10 + bytes.count)
    writeInteger(UInt8(isText ? 0x81 : 0x82))
    switch bytes.count {
    case ...125: writeInteger(UInt8(bytes.count))
    case ...Int(UInt16.max): writeMultipleIntegers(UInt8(126), UInt16(bytes.count))
    default: writeMultipleIntegers(UInt8(127), UInt64(bytes.count))
    }
    writeBytes(bytes)
  }
}
