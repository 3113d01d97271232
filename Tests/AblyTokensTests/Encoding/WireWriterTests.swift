import Foundation
import Testing

@testable import AblyTokens

@Suite struct WireWriterTests {
  private func written(_ capacity: Int, _ body: (inout WireWriter) -> Void) -> String {
    String(decoding: WireWriter.bytes(capacity, body), as: UTF8.self)
  }

  @Test("numbers of every length")
  func decimals() {
    var numbers: [Int64] = [0, .min, .max, .min + 1, 1_700_000_000_123]
    var power: Int64 = 1
    for _ in 0..<19 {
      numbers += [power - 1, power, power + 1, -power, 7 * (power / 10)]
      power = power.multipliedReportingOverflow(by: 10).partialValue
    }
    for digits in 0..<Int64(10_000) {
      numbers += [digits, digits * 10_000, 12_345_678_0000_0000 + digits * 10_001]
    }
    for number in numbers {
      #expect(written(WireWriter.decimalBound) { $0.append(decimal: number) } == String(number))
    }
  }

  @Test("every ASCII character and others survive as JSON")
  func json() throws {
    for text in (0..<0x80).map({ String(Unicode.Scalar($0)) }) + [
      "", "é", "🙂", "a\"b\\c\n\u{1f}", "\u{2028}",
    ] {
      let json = written(6 * text.utf8.count + 2) { $0.append(json: text) }
      #expect(try JSONValue(parsing: json).string == text)
      #expect(json == JSONValue.string(text).text)
    }
  }

  /// Escapes byte by byte, as RFC 8259 says it.
  private func escaped(_ text: String) -> String {
    let short: [Unicode.Scalar: String] = ["\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"]
    return "\""
      + text.unicodeScalars.map { scalar in
        if let short = short[scalar] { return short }
        if scalar.value >= 0x20 { return String(scalar) }
        return "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      }.joined() + "\""
  }

  @Test(
    "what is escaped, at every place of texts of every length",
    arguments: ["\"", "\\", "\n", "\u{1f}", "\u{20}", "!", "é"])
  func everyPlace(odd: String) {
    for length in 0..<27 {
      let plain = String("abcdefghijklmnopqrstuvwxyz".prefix(length))
      var texts = [plain, plain + odd, odd + plain + odd, String(repeating: odd, count: length)]
      texts += plain.indices.map { plain.replacingCharacters(in: $0...$0, with: odd) }
      for text in texts {
        #expect(written(6 * text.utf8.count + 2) { $0.append(json: text) } == escaped(text))
      }
    }
  }

  @Test("long texts of quotes, looked at before they are written", arguments: [127, 128, 129, 1000])
  func long(count: Int) {
    for odd in ["\"", "\u{1}", "x"] {
      let text = String(repeating: odd, count: count)
      var bytes = Array("before".utf8)
      JSONText.appendString(text, to: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == "before" + escaped(text))
    }
  }

  @Test("on the stack and beyond it", arguments: [0, 1, 1023, 1024, 1025, 5000])
  func border(count: Int) {
    let text = String(repeating: "x", count: count)
    #expect(written(count) { $0.append(text) } == text)
  }

  @Test("the bounds hold in the worst case")
  func bounds() {
    let worst = String(repeating: "\u{1}", count: 500)
    #expect(written(6 * worst.utf8.count + 2) { $0.append(json: worst) }.utf8.count == 3002)
  }

  @Test("passing the bound stops the program instead of writing beyond it")
  func overflow() async {
    await #expect(processExitsWith: .failure) {
      _ = WireWriter.bytes(1500) { $0.append(String(repeating: "x", count: 2000)) }
    }
  }
}
