/// Comparison that tells an attacker nothing but whether two values are equal.
package enum ConstantTime {
  /// Compares every byte even after a difference. Only the lengths may be learnt.
  package static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (leftByte, rightByte) in zip(left, right) { difference |= leftByte ^ rightByte }
    return difference == 0
  }

  /// Compares two MACs as a whole.
  static func equal(_ left: SIMD32<UInt8>, _ right: SIMD32<UInt8>) -> Bool {
    (left ^ right).wrappedSum() == 0 && (left .!= right) == SIMDMask(repeating: false)
  }
}
