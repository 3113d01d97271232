internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("MessagePack")
struct MessagePackTests {
  /// Written by hand from the format's own description.
  static let forms: [(MessagePackValue, [UInt8])] = [
    (.null, [0xC0]),
    (.bool(false), [0xC2]),
    (.bool(true), [0xC3]),
    (.integer(0), [0x00]),
    (.integer(127), [0x7F]),
    (.integer(128), [0xCC, 0x80]),
    (.integer(255), [0xCC, 0xFF]),
    (.integer(256), [0xCD, 0x01, 0x00]),
    (.integer(65536), [0xCE, 0x00, 0x01, 0x00, 0x00]),
    (.integer(1_700_000_000_000), [0xCF, 0x00, 0x00, 0x01, 0x8B, 0xCF, 0xE5, 0x68, 0x00]),
    (.large(.max), [0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
    (.integer(-1), [0xFF]),
    (.integer(-32), [0xE0]),
    (.integer(-33), [0xD0, 0xDF]),
    (.integer(-128), [0xD0, 0x80]),
    (.integer(-129), [0xD1, 0xFF, 0x7F]),
    (.integer(-32769), [0xD2, 0xFF, 0xFF, 0x7F, 0xFF]),
    (.integer(.min), [0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0]),
    (.double(1.5), [0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]),
    (.string(""), [0xA0]),
    (.string("é"), [0xA2, 0xC3, 0xA9]),
    (.binary([]), [0xC4, 0x00]),
    (.binary([1, 2]), [0xC4, 0x02, 0x01, 0x02]),
    (.array([]), [0x90]),
    (.array([.integer(1), .null]), [0x92, 0x01, 0xC0]),
    (.map([:]), [0x80]),
    (.map(["b": .integer(1), "a": .null]), [0x82, 0xA1, 0x61, 0xC0, 0xA1, 0x62, 0x01]),
    (.custom(type: -1, [1, 2, 3, 4]), [0xD6, 0xFF, 0x01, 0x02, 0x03, 0x04]),
    (.custom(type: 5, [1, 2, 3]), [0xC7, 0x03, 0x05, 0x01, 0x02, 0x03]),
  ]

  @Test("RSC8a: each kind, in its shortest form, and back", arguments: forms)
  func form(value: MessagePackValue, bytes: [UInt8]) throws {
    #expect(value.bytes == bytes)
    #expect(try MessagePackValue(parsing: bytes) == value)
  }

  static let lengths = [15, 16, 31, 32, 255, 256, 65535, 65536, 70000]

  @Test("RSC8a: every length, of every kind", arguments: lengths)
  func length(count: Int) throws {
    let values: [MessagePackValue] = [
      .string(String(repeating: "x", count: count)), .binary(Array(repeating: 7, count: count)),
      .array(Array(repeating: .null, count: count)), .custom(type: 1, Array(repeating: 7, count: count)),
      .map(Dictionary(uniqueKeysWithValues: (0..<count).map { ("\($0)", .null) })),
    ]
    for value in values { #expect(try MessagePackValue(parsing: value.bytes) == value) }
  }

  static let longForms: [([UInt8], MessagePackValue)] = [
    ([0xCC, 0x05], .integer(5)), ([0xCF, 0, 0, 0, 0, 0, 0, 0, 5], .integer(5)),
    ([0xD3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .integer(-1)),
    ([0xCA, 0x3F, 0xC0, 0, 0], .double(1.5)), ([0xD9, 1, 0x61], .string("a")),
    ([0xDB, 0, 0, 0, 1, 0x61], .string("a")), ([0xC6, 0, 0, 0, 1, 9], .binary([9])),
    ([0xDD, 0, 0, 0, 1, 0xC0], .array([.null])), ([0xDF, 0, 0, 0, 1, 0xA1, 0x61, 0xC0], .map(["a": .null])),
  ]

  @Test("RSC8a: longer forms than needed are read", arguments: longForms)
  func longForm(bytes: [UInt8], value: MessagePackValue) throws {
    #expect(try MessagePackValue(parsing: bytes) == value)
  }

  static let malformed: [[UInt8]] = [
    [], [0xC1], [0x00, 0x00], [0xCD, 0x00], [0xCB], [0xA5, 0x61], [0xA1, 0xFF], [0xC4], [0xC4, 0x05, 0x01],
    [0x91], [0x81, 0xA1, 0x61], [0x81, 0x01, 0x01], [0x82, 0xA1, 0x61, 0x01, 0xA1, 0x61, 0x02],
    [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF], [0xDB, 0xFF, 0xFF, 0xFF, 0xFF],
    [0xC6, 0x7F, 0xFF, 0xFF, 0xFF, 0x00], [0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 0x00], [0xD8, 0x01], [0xC7, 0x01],
    Array(repeating: 0x91, count: 65) + [0xC0], Array(repeating: 0x91, count: 100_000),
    Array(repeating: 0xDD, count: 50), [0xDD, 0, 0x10, 0, 0] + Array(repeating: 0xC0, count: 1 << 20),
  ]

  @Test("what is no document is 40000, in bounded time and memory", arguments: malformed)
  func refused(bytes: [UInt8]) {
    let error = #expect(throws: ErrorInfo.self) { try MessagePackValue(parsing: bytes) }
    #expect(error?.code == .badRequest)
  }

  @Test("64 levels are read")
  func depth() throws {
    let bytes: [UInt8] = Array(repeating: 0x91, count: 64) + [0xC0]
    #expect(try MessagePackValue(parsing: bytes).bytes == bytes)
  }

  @Test("any value is written and read again the same; any bytes are read or refused", arguments: 0..<200)
  func random(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let value = Self.value(depth: 0, &random)
    let bytes = value.bytes
    #expect(try MessagePackValue(parsing: bytes) == value, "seed \(seed)")
    for _ in 0..<20 {
      var broken = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<broken.count, using: &random)
        broken[index] = UInt8.random(in: 0...255, using: &random)
      }
      if let read = try? MessagePackValue(parsing: broken) {
        #expect(try MessagePackValue(parsing: read.bytes).bytes == read.bytes, "seed \(seed)")
      }
    }
  }

  static func value(depth: Int, _ random: inout SeededGenerator) -> MessagePackValue {
    switch Int.random(in: 0..<(depth < 4 ? 9 : 7), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2:
      .integer(Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<64, using: &random))
    case 3: .large(UInt64.random(in: (1 << 63)...UInt64.max, using: &random))
    case 4: .double(Double.random(in: -1e9...1e9, using: &random))
    case 5: .string(text(&random))
    case 6: .binary((0..<Int.random(in: 0..<300, using: &random)).map { UInt8(truncatingIfNeeded: $0) })
    case 7:
      .array((0..<Int.random(in: 0..<20, using: &random)).map { _ in value(depth: depth + 1, &random) })
    default:
      .map(
        Dictionary(
          (0..<Int.random(in: 0..<20, using: &random)).map { _ in
            (text(&random), value(depth: depth + 1, &random))
          }, uniquingKeysWith: { $1 }))
    }
  }

  private static func text(_ random: inout SeededGenerator) -> String {
    String(
      (0..<Int.random(in: 0..<40, using: &random)).map { _ in "aé漢🙂\0\"".randomElement(using: &random) ?? "a"
      })
  }
}
