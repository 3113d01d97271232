extension Int64 {
  /// Divided by a length that is greater than zero, rounded down, also below zero.
  package func floored(by length: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: length)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
