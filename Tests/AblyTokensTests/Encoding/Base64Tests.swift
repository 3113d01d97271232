import AblyTokens
import Foundation
import Testing

@Suite struct Base64Tests {
  @Test("the same as Foundation's, over every length and byte")
  func encoding() {
    for length in 0..<100 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 37 + length) }
      let text = Data(bytes).base64EncodedString()
      #expect(Base64.standard.encode(bytes) == text)
      #expect(Base64.standard.decode(text.utf8) == bytes)
      let url = text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
      #expect(Base64.url.encode(bytes) == url)
      #expect(Base64.url.decode(url.utf8) == bytes)
      #expect(Base64.url.encodedCount(length) == url.utf8.count)
      #expect(Base64.standard.encodedCount(length) == text.utf8.count)
    }
  }

  @Test(
    "a value has one text: another spelling of it is refused",
    arguments: [
      "A", "AB", "AB=", "ABC", "A===", "AB==C", "A B=", "AB=A", "AB\n=", "AR==", "AAB=", "AB-_", "====",
      "é===",
    ])
  func standard(_ text: String) {
    #expect(Base64.standard.decode(text.utf8) == nil)
  }

  @Test(
    "the same for the other alphabet",
    arguments: ["A", "AB==", "AB+/", "AR", "AAB", "A B", "AAAAA", "AA\u{0}A"])
  func url(_ text: String) {
    #expect(Base64.url.decode(text.utf8) == nil)
  }
}
