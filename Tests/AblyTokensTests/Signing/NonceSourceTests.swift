import Foundation
import Testing

@testable import AblyTokens

@Suite struct NonceSourceTests {
  @Test("RSA9c: a hundred thousand nonces, none twice, over many blocks of entropy")
  func unique() {
    let source = NonceSource()
    let nonces = Set((0..<100_000).map { _ in source.next() })
    #expect(nonces.count == 100_000)
    #expect(nonces.allSatisfy { $0.text.utf8.count >= 16 })
  }

  @Test("bytes are handed out once and wiped")
  func wiped() throws {
    var block = EntropyBlock()
    var seen: Set<[UInt8]> = []
    for _ in 0..<1000 { #expect(seen.insert(block.withBytes(16) { Array($0) }).inserted) }
    #expect(!seen.contains([UInt8](repeating: 0, count: 16)))
    // The memory just handed out, looked at again through the bytes that follow it.
    let place = try #require(block.withBytes(16) { $0.baseAddress })
    let (next, left) = block.withBytes(16) { next in
      (next.baseAddress, Array(UnsafeRawBufferPointer(start: place, count: 16)))
    }
    try #require(next == place + 16)
    #expect(left == [UInt8](repeating: 0, count: 16))
  }

  #if os(Linux)
    @Test("a forked child does not repeat its parent's nonces")
    func fork() throws {
      let source = NonceSource()
      _ = source.next()
      let (child, parent) = try ForkedNonce.both(of: source)
      #expect(child.utf8.count == parent.utf8.count)
      #expect(child != parent)
    }
  #endif
}
