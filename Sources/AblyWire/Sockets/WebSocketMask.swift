/// What a client hides its frames with on a WebSocket (RFC 6455, 5.3).
package struct WebSocketMask: Sendable {
  private let word: UInt64

  /// - Parameter key: its first byte is the highest.
  package init(key: UInt32) {
    let bits = UInt64(key.bigEndian)
    word = bits | bits << 32
  }

  /// Writes bytes with the mask put on, or taken off, to memory of the same size.
  package func apply(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) {
    precondition(target.count >= source.count, "there is no room for the bytes")
    var place = 0
    while place &+ 8 <= source.count {
      let bits = source.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      target.storeBytes(of: bits ^ word, toByteOffset: place, as: UInt64.self)
      place &+= 8
    }
    withUnsafeBytes(of: word) { key in
      while place < source.count {
        target[place] = source[place] ^ key[place & 7]
        place &+= 1
      }
    }
  }

  /// The same bytes with the mask put on, or taken off.
  package func applied(to source: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: source.count) { memory, count in
      apply(source, to: UnsafeMutableRawBufferPointer(memory))
      count = source.count
    }
  }
}
