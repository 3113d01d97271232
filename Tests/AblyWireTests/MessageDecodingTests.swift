internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Message decoding")
struct MessageDecodingTests {
  static let undone: [(wire: JSONValue, encoding: String?, data: MessageData)] = [
    ("plain", nil, "plain"),
    ("AAECAwQ=", "base64", .binary([0, 1, 2, 3, 4])),
    (#"{"key":"value","number":42}"#, "json", ["key": "value", "number": 42]),
    ("eyJrIjoidiJ9", "json/base64", ["k": "v"]),
    ("SGVsbG8gV29ybGQ=", "utf-8/base64", "Hello World"),
    ("eyJrIjoidiJ9", "json/utf-8/base64", ["k": "v"]),
    ("[1]", "json/utf-8", [1]),
    ("SGVsbG8=", "utf-8/utf-8/base64", "Hello"),
    ("5", "json", .json(5)),
    (["k": "v"], nil, ["k": "v"]),
    (["k": "v"], "json", ["k": "v"]),
    (7, nil, .json(7)),
  ]

  @Test("RSL6a, TM3: every chain is undone from right to left", arguments: undone)
  func chains(wire: JSONValue, encoding: String?, data: MessageData) throws {
    let message = try Message(
      fromEncoded: ["data": wire, "encoding": encoding.map(JSONValue.string) ?? .null])
    #expect(message.data == data)
    #expect(message.encoding == nil)
  }

  static let stuck: [(wire: JSONValue, encoding: String, data: MessageData, left: String)] = [
    ("AAE=", "custom-encryption/base64", .binary([0, 1]), "custom-encryption"),
    ("AAE=", "utf-8/cipher+aes-128-cbc/base64", .binary([0, 1]), "utf-8/cipher+aes-128-cbc"),
    ("AAE=", "vcdiff/base64", .binary([0, 1]), "vcdiff"),
    ("not base64!", "json/base64", "not base64!", "json/base64"),
    ("AAF=", "base64", "AAF=", "base64"),
    ("//4=", "utf-8/base64", .binary([0xFF, 0xFE]), "utf-8"),
    ("{", "json", "{", "json"),
    ("AAE=", "base64/base64", .binary([0, 1]), "base64"),
    ("AAE=", "base64/", "AAE=", "base64/"),
    ("AAE=", "/base64", .binary([0, 1]), ""),
    ("x", "BASE64", "x", "BASE64"),
    ([1], "base64", [1], "base64"),
  ]

  @Test("RSL6b: what cannot be undone stays, with the data so far", arguments: stuck)
  func leftovers(wire: JSONValue, encoding: String, data: MessageData, left: String) throws {
    var message = try Message(json: ["data": wire, "encoding": .string(encoding)])
    let decoded = message.decode()
    let failure = try #require(decoded)
    #expect(failure.code == .invalidDataOrEncoding)
    #expect(message.data == data)
    #expect(message.encoding == left)
  }

  @Test("RSL6b: a failure does not repeat the publisher's text")
  func noEcho() throws {
    var message = try Message(json: ["data": "payload-secret", "encoding": "step-secret/base64"])
    let decoded = message.decode()
    let failure = try #require(decoded)
    #expect(!failure.description.contains("secret"))
  }

  @Test("a message without data keeps its encoding and is no failure")
  func noData() throws {
    var message = try Message(json: ["encoding": "json"])
    let failure = message.decode()
    #expect(failure == nil)
    #expect(message.encoding == "json")
  }

  @Test("hostile chains end: a hundred thousand steps, and JSON nested too deep")
  func hostile() throws {
    let chain = Array(repeating: "utf-8", count: 100_000).joined(separator: "/")
    let long = try Message(fromEncoded: ["data": "x", "encoding": .string(chain)])
    #expect(long.encoding == nil)
    let deep = String(repeating: "[", count: 100_000)
    let nested = try Message(fromEncoded: ["data": .string(deep), "encoding": "json"])
    #expect(nested.data == .string(deep))
    #expect(nested.encoding == "json")
  }
}
