internal import AblyTokens
internal import Testing

@Suite("Text that a peer wrote")
struct PeerTextTests {
  @Test(
    "is cut between scalars so that it fits with its ellipsis",
    arguments: [
      ("", 8, ""), ("12345678", 8, "12345678"), ("123456789", 8, "12345…"), ("éééé", 8, "éééé"),
      ("ééééé", 8, "éé…"), ("😀😀", 8, "😀😀"), ("😀😀x", 8, "😀…"), ("1234😀x", 8, "1234…"),
    ])
  func cut(text: String, maximum: Int, expected: String) {
    let line = PeerText.line(text, maximumCount: maximum)
    #expect(line == expected)
    #expect(line.utf8.count <= maximum)
  }

  @Test("keeps what people write", arguments: ["naïve – “ok”", "日本語", "👨‍👩‍👧", "مرحبا", "a\u{301}"])
  func kept(text: String) {
    #expect(PeerText.line(text) == text)
  }

  // Given by number, so that a report of this test holds no control characters.
  @Test(
    "turns control characters, line separators and changes of direction into spaces",
    arguments: [0x00, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x85, 0x9B, 0x2028, 0x2029, 0x202E, 0x2066] as [UInt32])
  func unfit(scalar: UInt32) throws {
    let unfit = try #require(Unicode.Scalar(scalar))
    #expect(PeerText.line("a\(unfit)b") == "a b")
  }

  @Test(
    "lets web addresses through",
    arguments: ["https://help.ably.io/error/40142", "http://127.0.0.1:8080/?a=b#c"])
  func links(text: String) {
    #expect(PeerText.link(text) == text)
  }
}
