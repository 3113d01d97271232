internal import Testing

@testable internal import AblyTokens

@Suite struct ConstantTimeTests {
  /// Bytes that count how often one of them is read.
  private final class Reads {
    var count = 0
  }

  private struct CountedBytes: RandomAccessCollection {
    let bytes: [UInt8]
    let reads: Reads
    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }

    subscript(index: Int) -> UInt8 {
      reads.count += 1
      return bytes[index]
    }
  }

  @Test(
    "every byte of a secret is compared, wherever the first difference stands",
    arguments: [nil, 0, 1, 15, 31] as [Int?])
  func everyByte(difference: Int?) {
    let secret = [UInt8](repeating: 7, count: 32)
    var guess = secret
    if let difference { guess[difference] ^= 1 }
    let reads = Reads()
    #expect(
      ConstantTime.equal(CountedBytes(bytes: guess, reads: reads), secret) == (difference == nil))
    #expect(reads.count == 32)
  }

  @Test("texts of other lengths are unequal, and nothing of them is compared")
  func lengths() {
    let reads = Reads()
    #expect(!ConstantTime.equal(CountedBytes(bytes: [7, 7], reads: reads), [7, 7, 7]))
    #expect(reads.count == 0)
  }

  @Test(
    "secrets are equal by all their bytes",
    arguments: [("a", "a", true), ("a", "b", false), ("", "a", false)])
  func secrets(left: String, right: String, isEqual: Bool) {
    #expect((Secret(left) == Secret(right)) == isEqual)
  }
}
