import Testing

@testable import AblyTokens

@Suite struct ByteWordTests {
  @Test("two characters are found at every place of texts of every length, and nothing else is")
  func places() {
    for length in 0..<27 {
      let plain = String("abcdefghijklmnopqrstuvwxyz".prefix(length))
      #expect(!plain.holds(0x0A, or: UInt8(ascii: "*")))
      for odd in ["\n", "*"] {
        for index in plain.indices {
          #expect(plain.replacingCharacters(in: index, with: odd).holds(0x0A, or: UInt8(ascii: "*")))
        }
        #expect((plain + odd).holds(0x0A, or: UInt8(ascii: "*")))
      }
      // One bit beside what is sought, and bytes with their top bit.
      #expect(!(plain + "+\u{0B}\u{AA}\u{8A}é").holds(0x0A, or: UInt8(ascii: "*")))
    }
  }
}

extension String {
  fileprivate func replacingCharacters(in index: Index, with text: String) -> String {
    self[..<index] + text + self[self.index(after: index)...]
  }
}
