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
    numbers += (0..<100)
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
