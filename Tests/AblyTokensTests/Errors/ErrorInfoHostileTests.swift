internal import AblyTokens
internal import Testing

@Suite("ErrorInfo from a hostile peer")
struct ErrorInfoHostileTests {
  private let huge = String(repeating: "é\u{1F468}\u{200D}\u{1F469}", count: 100_000)

  /// An error with a cause inside a cause, `depth` times.
  private func nested(_ depth: Int, message: String = "m") -> JSONValue {
    var json: JSONValue = ["code": 40_000, "message": .string(message)]
    for _ in 0..<depth { json = ["code": 40_000, "message": .string(message), "cause": json] }
    return json
  }

  private func causes(of error: ErrorInfo?) -> Int { error?.cause.map { causes(of: $0) + 1 } ?? 0 }

  @Test("a message is cut at 2 KiB and ends in an ellipsis")
  func longMessage() throws {
    let error = try #require(ErrorInfo(json: ["code": 40_000, "message": .string(huge)]))
    #expect(error.message.utf8.count <= 2048)
    #expect(error.message.utf8.count > 2040)
    #expect(error.message.hasSuffix("…"))
    #expect(huge.unicodeScalars.starts(with: error.message.unicodeScalars.dropLast()))
  }

  @Test("no part of an error can begin a line or steer a terminal")
  func controlCharacters() throws {
    let evil = "a\r\n2026 INFO all is well\u{1B}[2J\u{0}\u{85}\u{2028}\u{202E}b"
    let error = try #require(
      ErrorInfo(
        json: [
          "code": 40_000, "message": .string(evil), "requestId": .string(evil),
          "href": .string("https://" + evil),
          "detail": .object([evil: .string(evil)]), "cause": ["code": 1, "message": .string(evil)],
        ]))
    let clean = "a  2026 INFO all is well [2J    b"
    #expect(error.message == clean)
    #expect(error.requestId == clean)
    #expect(error.detail == [clean: clean])
    #expect(error.cause?.message == clean)
    #expect(error.href == "https://help.ably.io/error/40000")
    #expect(!error.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
  }

  @Test(
    "a page that is no web address is Ably's own page for the code",
    arguments: [
      "", "javascript:alert(1)", "file:///etc/passwd", "https://a b", "https://é.example", "//e.com", "HTTPS",
      "https://" + String(repeating: "a", count: 3000),
    ])
  func pages(href: String) {
    let error = ErrorInfo(json: ["code": 40_142, "href": .string(href)])
    #expect(error?.href == "https://help.ably.io/error/40142")
  }

  @Test("causes are followed 4 deep, in both directions", arguments: [0, 1, 4, 5, 1_000])
  func depth(depth: Int) {
    let error = ErrorInfo(json: nested(depth))
    #expect(causes(of: error) == min(depth, 4))
    #expect(ErrorInfo(json: nested(depth)) == error?.json.readBack)
  }

  @Test("writing stops 4 causes deep however long the chain")
  func writingDepth() {
    var error = ErrorInfo(.badRequest, "innermost")
    for _ in 0..<100 { error = ErrorInfo(.badRequest, "outer", cause: error) }
    #expect(causes(of: error.json.readBack) == 4)
  }

  @Test("of detail 32 entries are kept, the first by name, with bounded names")
  func manyDetails() throws {
    let members = (1000..<2000).map { ("k\($0)", JSONValue.string("v")) }
    let detail = JSONValue.object(Dictionary(members, uniquingKeysWith: { $1 }))
    let error = try #require(ErrorInfo(json: ["code": 40_000, "detail": detail]))
    #expect(error.detail.keys.sorted() == (1000..<1032).map { "k\($0)" })
    let long = ErrorInfo(json: ["code": 40_000, "detail": .object([huge: .string(huge)])])?.detail
    #expect(try #require(long?.first).key.utf8.count <= 256)
    #expect(try #require(long?.first).value.utf8.count <= 2048)
  }

  @Test("names that become equal are one name")
  func equalNames() throws {
    let detail: JSONValue = ["a\u{1}": "first", "a\u{2}": "second"]
    #expect(ErrorInfo(json: ["code": 40_000, "detail": detail])?.detail == ["a ": "first"])
  }

  @Test("a line of the log stays below 25 KiB, whatever was sent")
  func description() throws {
    let error = try #require(ErrorInfo(json: nested(50, message: huge)))
    #expect(error.description.utf8.count < 25 * 1024)
  }

  @Test(
    "numbers out of reason are as good as absent",
    arguments: [
      #"{"code":-40142,"statusCode":401,"message":"m"}"#, #"{"code":1e400,"statusCode":401,"message":"m"}"#,
      #"{"code":40142.5,"statusCode":401,"message":"m"}"#, #"{"code":true,"statusCode":401,"message":"m"}"#,
      #"{"code":99999999999999999999,"statusCode":401,"message":"m"}"#, #"{"code":"","message":"m"}"#,
      #"{"statusCode":-1,"message":"m"}"#, #"{"statusCode":9223372036854775807,"message":"m"}"#,
    ])
  func numbers(text: String) throws {
    let error = ErrorInfo(json: try JSONValue(parsing: text), statusCode: 401)
    #expect(error == ErrorInfo(.unauthorized, "m"))
  }
}

extension JSONValue {
  fileprivate var readBack: ErrorInfo? { ErrorInfo(json: self) }
}
