extension WireWriter {
  /// The most characters that a number takes.
  static let decimalBound = 20

  /// Appends a number, or the text that it has on the wire instead.
  @inline(__always)
  mutating func append(decimal value: Int64, or foreign: String?) {
    if let foreign { append(foreign) } else { append(decimal: value) }
  }

  /// Appends a number in its shortest form.
  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let text = claim(Self.digitCount(of: rest))
    var end = text.count
    // Two digits a division, from the last.
    while rest >= 10 {
      let quotient = rest / 100
      end &-= 2
      Self.write(pair: rest &- quotient &* 100, to: text, at: end)
      rest = quotient
    }
    if end == 1 { text[0] = UInt8(truncatingIfNeeded: 48 &+ rest) }
  }

  private static let powersOfTen: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  @inline(__always)
  private static func digitCount(of value: UInt64) -> Int {
    // 1233 / 4096 is the logarithm of two, a trifle less: the guess is right or one too small.
    let guess = ((UInt64.bitWidth &- (value | 1).leadingZeroBitCount) &* 1233) &>> 12
    return value < powersOfTen[guess] ? max(guess, 1) : guess &+ 1
  }

  @inline(__always)
  private static func write(pair: UInt64, to text: UnsafeMutableBufferPointer<UInt8>, at index: Int) {
    let tens = (pair &* 103) &>> 10
    text[index] = UInt8(truncatingIfNeeded: 48 &+ tens)
    text[index &+ 1] = UInt8(truncatingIfNeeded: 48 &+ pair &- tens &* 10)
  }
}
