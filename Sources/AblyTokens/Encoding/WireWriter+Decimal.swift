extension WireWriter {
  /// The most bytes that writing a number takes; the number itself has at most 20.
  static let decimalBound = 25

  /// Appends a number, or the text that it has on the wire instead.
  @inline(__always)
  mutating func append(decimal value: Int64, or foreign: String?) {
    if let foreign { append(foreign) } else { append(decimal: value) }
  }

  /// Appends a number in its shortest form.
  @inline(__always)
  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  @inline(__always)
  private mutating func append(decimal value: UInt64) {
    guard value >= Self.eightDigits else { return append(digits: value, isFirst: true) }
    let (upper, lowest) = value.quotientAndRemainder(dividingBy: Self.eightDigits)
    if upper < Self.eightDigits {
      append(digits: upper, isFirst: true)
    } else {
      let (highest, middle) = upper.quotientAndRemainder(dividingBy: Self.eightDigits)
      append(digits: highest, isFirst: true)
      append(digits: middle, isFirst: false)
    }
    append(digits: lowest, isFirst: false)
  }

  private static let eightDigits: UInt64 = 100_000_000

  /// Appends eight digits, without those zeros that lead a number.
  @inline(__always)
  private mutating func append(digits value: UInt64, isFirst: Bool) {
    // Split into halves, each half into pairs, each pair into digits: all lanes of the word at a time, by a
    // product with a little more than the reciprocal. The first digit ends in the lowest byte.
    let (four, rest) = value.quotientAndRemainder(dividingBy: 10_000)
    let fours = four | rest &<< 32
    let hundreds = (fours &* 10_486) &>> 20 & 0x7F_0000_007F
    let pairs = hundreds | (fours &- hundreds &* 100) &<< 16
    let tens = (pairs &* 103) &>> 10 & 0x000F_000F_000F_000F
    let digits = tens | (pairs &- tens &* 10) &<< 8
    let leading = isFirst ? min(digits.trailingZeroBitCount / 8, 7) : 0
    let text = (digits | 0x3030_3030_3030_3030) &>> UInt64(8 * leading)
    withUnsafeBytes(of: text.littleEndian) { bytes in
      UnsafeMutableRawBufferPointer(claim(8)).copyMemory(from: bytes)
    }
    release(leading)
  }
}
