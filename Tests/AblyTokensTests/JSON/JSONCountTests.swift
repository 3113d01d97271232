internal import Testing

@testable internal import AblyTokens

@Suite struct JSONCountTests {
  private func document(_ count: Int, of element: String) -> [UInt8] {
    var text = Array("[\(element)".utf8)
    text.reserveCapacity(count * (element.utf8.count + 1) + 2)
    let more = Array(",\(element)".utf8)
    for _ in 1..<count { text.append(contentsOf: more) }
    return text + "]".utf8
  }

  private func read(_ bytes: [UInt8], _ maximumCount: Int) throws -> JSONValue {
    try bytes.withUnsafeBufferPointer {
      try JSONReader.read($0, maximumDepth: 64, maximumCount: maximumCount)
    }
  }

  @Test(
    "a document of so many values and member names is read, one of more is refused",
    arguments: [("0", 1), ("[]", 1), ("{}", 1), (#"{"":0}"#, 3), ("[0]", 2), (#""""#, 1)])
  func bound(element: String, values: Int) throws {
    // The array around them is a value too.
    #expect(try read(document(100, of: element), 100 * values + 1).array?.count == 100)
    let error = #expect(throws: ErrorInfo.self) {
      try read(document(100, of: element), 100 * values)
    }
    #expect(error?.code == .badRequest)
  }

  @Test("the bound is 2^20", arguments: ["0"])
  func size(element: String) throws {
    let error = #expect(throws: ErrorInfo.self) {
      try JSONValue(parsing: document(JSONReader.maximumCount, of: element))
    }
    #expect(error?.code == .badRequest)
    #expect(error?.message.contains("1048576") == true)
  }
}
