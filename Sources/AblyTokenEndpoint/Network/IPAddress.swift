/// An IP address as a number. One of version 4 is the address that version 6 maps it to.
public struct IPAddress: Sendable, Hashable {
  let high: UInt64
  let low: UInt64

  /// Whether it was, or stands for, an address of version 4.
  var isVersion4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// Whether it is of the very machine that asks.
  package var isLoopback: Bool {
    isVersion4 ? (low >> 24) & 0xFF == 127 : high == 0 && low == 1
  }

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads an address as people write it, without port and brackets; `nil` for anything else.
  public init?(_ text: String) {
    let text = text.prefix { $0 != "%" }
    if let number = Self.version4(text) {
      self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(number))
    } else if let groups = Self.version6(text) {
      let halves = groups.map(UInt64.init)
      self.init(
        high: halves[0] << 48 | halves[1] << 32 | halves[2] << 16 | halves[3],
        low: halves[4] << 48 | halves[5] << 32 | halves[6] << 16 | halves[7])
    } else {
      return nil
    }
  }

  private static func version4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let byte = UInt8(part), part == "0" || !part.hasPrefix("0")
      else { return nil }
      number = number << 8 | UInt32(byte)
    }
    return number
  }

  private static func version6(_ text: Substring) -> [UInt16]? {
    guard text.utf8.count <= 45 else { return nil }
    let sides = text.split(separator: "::", omittingEmptySubsequences: false)
    guard let first = sides.first, let before = groups(first) else { return nil }
    switch sides.count {
    case 1: return before.count == 8 ? before : nil
    case 2:
      guard let after = groups(sides[1]), before.count + after.count < 8 else { return nil }
      return before + Array(repeating: 0, count: 8 - before.count - after.count) + after
    default: return nil
    }
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, let number = version4(part) {
        groups += [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
      } else {
        guard (1...4).contains(part.utf8.count), part.first != "+", let group = UInt16(part, radix: 16) else {
          return nil
        }
        groups.append(group)
      }
    }
    return groups.count <= 8 ? groups : nil
  }
}

extension IPAddress: CustomStringConvertible {
  /// The address as people write it; that of version 6 in full.
  public var description: String {
    if isVersion4 {
      return (0..<4).map { String(low >> (24 - 8 * UInt64($0)) & 0xFF) }.joined(separator: ".")
    }
    return [high, low].flatMap { half in
      (0..<4).map { String(half >> (48 - 16 * UInt64($0)) & 0xFFFF, radix: 16) }
    }.joined(separator: ":")
  }
}
