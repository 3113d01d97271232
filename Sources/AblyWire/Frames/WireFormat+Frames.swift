package import AblyTokens

extension WireFormat {
  /// A frame as it travels: the bytes of its ``ProtocolMessage/json()``.
  ///
  /// - Throws: as that.
  package func encode(_ message: ProtocolMessage) throws(ErrorInfo) -> [UInt8] {
    switch self {
    case .json:
      var sink = JSONSink(capacity: message.roughSize)
      try message.write(to: &sink)
      return sink.bytes
    case .messagePack:
      var sink = MessagePackSink(capacity: message.roughSize)
      try message.write(to: &sink)
      return sink.bytes
    }
  }

  /// Reads a frame, as ``decode(_:maximumDepth:)`` and ``ProtocolMessage/init(json:unreadable:)`` do. Bytes of a
  /// message that travelled as such are its data already, and no step of its encoding.
  ///
  /// - Throws: as those.
  package func frame(
    of bytes: [UInt8], maximumDepth: Int = 64, unreadable: ((ErrorInfo) -> Void)? = nil
  ) throws(ErrorInfo) -> ProtocolMessage {
    if var message = usualFrame(of: bytes, maximumDepth: maximumDepth) {
      if unreadable != nil { message.nameMessages() }
      return message
    }
    return try ProtocolMessage(json: decode(bytes, maximumDepth: maximumDepth), unreadable: unreadable)
  }

  /// Reads a frame that is as frames usually are; `nil` for all that only ``decode(_:maximumDepth:)`` can judge.
  package func usualFrame(of bytes: [UInt8], maximumDepth: Int) -> ProtocolMessage? {
    // Fewer levels than the usual members take, or more bytes than values may be: somebody has to count.
    guard maximumDepth >= 8, bytes.count <= 1 << 20 else { return nil }
    return bytes.withUnsafeBytes { bytes in
      do throws(Unusual) {
        switch self {
        case .json:
          var source = JSONSource(bytes, maximumDepth: maximumDepth)
          return try ProtocolMessage(from: &source)
        case .messagePack:
          var source = MessagePackSource(bytes, maximumDepth: maximumDepth)
          return try ProtocolMessage(from: &source)
        }
      } catch {
        return nil
      }
    }
  }
}

extension ProtocolMessage {
  /// Before a message is left out, and places change.
  fileprivate mutating func nameMessages() {
    guard id != nil else { return }
    for place in messages.indices where messages[place].id == nil {
      messages[place].id = elementId(at: place)
    }
    for place in presence.indices where presence[place].id == nil {
      presence[place].id = elementId(at: place)
    }
  }
}
