internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("Masks of WebSockets")
struct WebSocketMaskTests {
  @Test("A mask is put on byte by byte, the first with the highest of its key, and taken off the same way")
  func bytes() {
    var random = SeededGenerator(seed: 1)
    for count in Array(0...40) + [1000] {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let key = UInt32.random(in: 0...UInt32.max, using: &random)
      let parts = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: key >> UInt32($0)) }
      let masked = bytes.withUnsafeBytes { WebSocketMask(key: key).applied(to: $0) }
      #expect(masked == bytes.indices.map { bytes[$0] ^ parts[$0 % 4] })
      #expect(masked.withUnsafeBytes { WebSocketMask(key: key).applied(to: $0) } == bytes)
    }
  }
}
