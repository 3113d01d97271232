internal import AblyWire
internal import NIOCore

extension ByteBuffer {
  /// The most bytes that stand before what a frame carries.
  static let frameOverhead = 14

  /// Appends a frame as a client sends it (RFC 6455, 5.2).
  ///
  /// - Parameter key: what it is hidden with; for one frame, and for nobody to guess.
  mutating func write(_ frame: RealtimeFrame, key: UInt32) {
    let count = frame.bytes.count
    writeInteger(UInt8(frame.isText ? 0x81 : 0x82))
    switch count {
    case ...125: writeInteger(0x80 | UInt8(count))
    case ...Int(UInt16.max): writeMultipleIntegers(UInt8(0x80 | 126), UInt16(count))
    default: writeMultipleIntegers(UInt8(0x80 | 127), UInt64(count))
    }
    writeInteger(key)
    writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
      frame.bytes.withUnsafeBytes { WebSocketMask(key: key).apply($0, to: memory) }
      return count
    }
  }
}
