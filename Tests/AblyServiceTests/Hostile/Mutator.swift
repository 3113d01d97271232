internal import TestSupport

/// Changes bytes at random, from a seed so that a failure can be repeated.
struct Mutator: RandomNumberGenerator {
  private var numbers: SeededGenerator

  init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { numbers.next() }

  private static let pieces: [[UInt8]] = [
    "null", "true", "-1", "1e999", "-0", "9223372036854775807", "-9223372036854775808",
    "99999999999999999999",
    "0.1", "[]", "{}", "\"\"", "\"*\"", "\\u0000", "\\ud800", "\\n", "\"", "{", "[", ",", ":", "\u{1F642}",
    "\"mac\":",
    "\"ttl\":", "\"id\":", "\"clientId\":",
  ].map { Array($0.utf8) }

  mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0..<4, using: &self) {
      let place = Int.random(in: 0...bytes.count, using: &self)
      let end = Int.random(in: place...min(bytes.count, place + 8), using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &self), at: place)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      default: bytes.replaceSubrange(place..<end, with: Self.pieces.randomElement(using: &self) ?? [])
      }
    }
    return bytes
  }
}
