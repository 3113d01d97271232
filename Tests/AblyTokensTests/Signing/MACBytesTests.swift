import Testing

@testable import AblyTokens

@Suite struct MACBytesTests {
  private let bytes = (0..<32).map { UInt8($0) }

  @Test("bytes and base64 there and back")
  func spelling() throws {
    let mac = try #require(MACBytes(bytes))
    #expect(mac.bytes == bytes)
    #expect(mac.base64 == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    #expect(MACBytes(base64: mac.base64) == mac)
  }

  @Test("one bit makes another MAC, wherever it is", arguments: 0..<256)
  func different(bit: Int) throws {
    var other = bytes
    other[bit / 8] ^= 1 << (bit % 8)
    #expect(try #require(MACBytes(other)) != #require(MACBytes(bytes)))
  }

  @Test(
    "what is no MAC's text is refused",
    arguments: [
      "", "AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
    ])
  func refused(text: String) {
    #expect(MACBytes(base64: text) == nil)
  }

  @Test("only 32 bytes are a MAC", arguments: [0, 31, 33])
  func counts(count: Int) {
    #expect(MACBytes([UInt8](repeating: 1, count: count)) == nil)
  }
}
