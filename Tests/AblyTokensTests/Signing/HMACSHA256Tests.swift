import Crypto
import Testing

@testable import AblyTokens

@Suite struct HMACSHA256Tests {
  struct Vector: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let key: [UInt8]
    let message: [UInt8]
    let mac: String
  }

  /// The test cases of RFC 4231, section 4, for HMAC-SHA-256; case 5 gives the first 16 bytes alone.
  static let vectors = [
    Vector(
      testDescription: "1", key: .init(repeating: 0x0b, count: 20), message: Array("Hi There".utf8),
      mac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Vector(
      testDescription: "2", key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Vector(
      testDescription: "3", key: .init(repeating: 0xaa, count: 20),
      message: .init(repeating: 0xdd, count: 50),
      mac: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Vector(
      testDescription: "4", key: Array(1...25), message: .init(repeating: 0xcd, count: 50),
      mac: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    Vector(
      testDescription: "5", key: .init(repeating: 0x0c, count: 20),
      message: Array("Test With Truncation".utf8),
      mac: "a3b6167473100ee06e0c796c2955552b"),
    Vector(
      testDescription: "6", key: .init(repeating: 0xaa, count: 131),
      message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      mac: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    Vector(
      testDescription: "7", key: .init(repeating: 0xaa, count: 131),
      message: Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
      mac: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
  ]

  @Test("RFC 4231", arguments: vectors)
  func rfc4231(_ vector: Vector) {
    let mac = HMACSHA256(key: vector.key).mac(of: vector.message).bytes
    let hex = mac.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }.joined()
    #expect(hex.hasPrefix(vector.mac))
    #expect(mac.count == 32)
  }

  @Test("the same as the library's over every length around the block size")
  func lengths() {
    for length in [0, 1, 31, 32, 33, 55, 56, 63, 64, 65, 119, 127, 128, 129, 1000] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      let library = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: bytes))
      #expect(HMACSHA256(key: bytes).mac(of: bytes).bytes == Array(library), "length \(length)")
    }
  }
}
