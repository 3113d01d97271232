import Foundation
import Testing

@testable import AblyTokens

@Suite struct NonceTextTests {
  @Test("12 bytes become their 16 characters of base64url")
  func spelling() {
    let bytes: [UInt8] = [0xFB, 0xEF, 0xBE, 0, 0, 0, 0xFF, 0xFF, 0xFF, 1, 2, 3]
    #expect(bytes.withUnsafeBytes { NonceText(of: $0) }.text == "----AAAA____AQID")
  }

  @Test("a text is taken as it is, or left to be kept elsewhere")
  func texts() {
    #expect(NonceText("abcDEF012345-_zZ")?.text == "abcDEF012345-_zZ")
    for other in ["", "short", "abcDEF012345-_zZ0", "abcDEF012345-_z=", "abcDEF012345+/zZ", "abcDEF012345é2"]
    {
      #expect(NonceText(other) == nil)
    }
  }
}
