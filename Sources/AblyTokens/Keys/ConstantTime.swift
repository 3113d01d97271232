/// Comparison that tells an attacker nothing but whether two values are equal.
package enum ConstantTime {
  /// Compares every byte even after a difference. Only the lengths may be learnt.
  package static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (leftByte, rightByte) in zip(left, right) { difference |= leftByte ^ rightByte }
    return difference == 0
  }
}
