import AblyTokens
import Foundation
import TestSupport
import Testing

@Suite struct JSONValueTests {
  @Test(
    "numbers keep their text",
    arguments: [
      "0", "-0", "3600000", "3600000.0", "3.6e6", "1E+2", "1e-2", "123456789012345678901234567890",
    ])
  func literals(_ text: String) throws {
    #expect(try JSONValue(parsing: text).number?.literal == text)
    #expect(try JSONValue(parsing: "[\(text) ]").text == "[\(text)]")
  }

  @Test(
    "whole numbers however written",
    arguments: [
      ("5", 5), ("5.0", 5), ("5e0", 5), ("50e-1", 5), ("-7", -7), ("9223372036854775807", Int64.max),
    ])
  func whole(_ text: String, _ value: Int64) throws {
    #expect(try JSONValue(parsing: text).number?.int64 == value)
  }

  @Test(
    "what is not whole or does not fit is not an integer",
    arguments: ["1.5", "1e400", "9223372036854775808", "1e-5"])
  func notWhole(_ text: String) throws {
    #expect(try JSONValue(parsing: text).number?.int64 == nil)
  }

  @Test(
    "strings come out as they should",
    arguments: [
      (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9""#, "é"),
      (#""\ud83d\ude42""#, "🙂"), (#""🙂""#, "🙂"), (#""\u0000""#, "\0"),
      ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
    ])
  func strings(_ text: String, _ value: String) throws {
    let json = try JSONValue(parsing: text)
    #expect(json.string?.unicodeScalars.elementsEqual(value.unicodeScalars) == true)
    #expect(try JSONValue(parsing: json.text) == json)
  }

  @Test(
    "what is not JSON is refused",
    arguments: [
      "", " ", "nul", "nulll", "tru", "True", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN",
      "Infinity", "'a'",
      "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud83d\"", "\"\\ud83dx\"",
      "\"\\ude42\"",
      "\"\\ud83d\\u0041\"", "\"a\nb\"", "\"\u{1}\"", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{",
      "{\"a\"", "{\"a\":",
      "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "1 2",
      "[] []", "//", "\u{feff}1",
      #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#,
    ])
  func refused(_ text: String) {
    let error = #expect(throws: ErrorInfo.self) { try JSONValue(parsing: text) }
    #expect(error?.code == .badRequest)
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
      [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0xFF],
    ] as [[UInt8]])
  func notUTF8(_ bytes: [UInt8]) {
    #expect(throws: ErrorInfo.self) { try JSONValue(parsing: bytes) }
  }

  @Test("depth is bounded", arguments: [(64, true), (65, false), (100_000, false)])
  func depth(_ depth: Int, _ allowed: Bool) {
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let json = try? JSONValue(parsing: text)
    #expect((json != nil) == allowed)
  }

  @Test("no message echoes the input")
  func noEcho() {
    let error = #expect(throws: ErrorInfo.self) { try JSONValue(parsing: #"{"secret":"swordfish" x"#) }
    #expect(error?.description.contains("swordfish") == false)
  }

  @Test("objects are written sorted, compact, and escape what must be")
  func writing() throws {
    let json: JSONValue = ["b": [1, .null, true], "a": "x\"\\\n\u{1}/é", "c": [:]]
    #expect(json.text == #"{"a":"x\"\\\n\u0001/é","b":[1,null,true],"c":{}}"#)
    #expect(try JSONValue(parsing: json.utf8) == json)
  }

  @Test("null members count as absent")
  func members() throws {
    let json = try JSONValue(parsing: #"{"a":null,"b":1}"#)
    #expect(json["a"] == nil)
    #expect(json["b"] == 1)
    #expect(json["c"] == nil)
    #expect(JSONValue.string("x")["a"] == nil)
    #expect(json.object?["a"] == .null)
  }

  @Test("mutated documents never trap, and what is read can be written and read again")
  func mutations() throws {
    var generator = SeededGenerator(seed: 7)
    let seeds = [
      #"{"keyName":"a.k","ttl":3600000,"capability":"{\"*\":[\"*\"]}","n":[1.5e3,null,true,"\ud83d\ude42é"]}"#,
      #"[[[{"a":{"b":[]}}]],-0.0,"\u0000\\"]"#,
    ]
    for round in 0..<20_000 {
      var bytes = Array(seeds[round % seeds.count].utf8)
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let index = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(bytes[Int.random(in: bytes.indices, using: &generator)], at: index)
        }
      }
      guard let json = try? JSONValue(parsing: bytes) else { continue }
      #expect(try JSONValue(parsing: json.utf8) == json, "round \(round)")
    }
  }
}
