internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Message encoding")
struct MessageEncodingTests {
  static let encoded: [(data: MessageData?, encoding: String?, wire: JSONValue)] = [
    (nil, nil, [:]),
    ("plain", nil, ["data": "plain"]),
    ("", nil, ["data": ""]),
    (.binary([0x00, 0x01, 0x02, 0xFF, 0xFE]), nil, ["data": "AAEC//4=", "encoding": "base64"]),
    (.binary([]), nil, ["data": "", "encoding": "base64"]),
    (["b": 1, "a": [true, .null]], nil, ["data": #"{"a":[true,null],"b":1}"#, "encoding": "json"]),
    ([1, 2, "three", ["four": 4]], nil, ["data": #"[1,2,"three",{"four":4}]"#, "encoding": "json"]),
    (.binary([0xFF]), "cipher+aes-256-cbc", ["data": "/w==", "encoding": "cipher+aes-256-cbc/base64"]),
    ("AAE=", "base64", ["data": "AAE=", "encoding": "base64"]),
  ]

  @Test("RSL4d1, RSL4d2, RSL4d3, RSL4b: each kind of data as JSON carries it", arguments: encoded)
  func wireForm(data: MessageData?, encoding: String?, wire: JSONValue) throws {
    var message = Message(data: data)
    message.encoding = encoding
    #expect(try message.json() == wire)
  }

  @Test(
    "RSL4a: other JSON values are not payloads",
    arguments: [JSONValue.number(JSONNumber(42)), true, .null, "text"])
  func scalars(value: JSONValue) throws {
    let error = try #require(throws: ErrorInfo.self) { try Message(data: .json(value)).json() }
    #expect(error.code == .invalidDataOrEncoding)
    #expect(error.remedy?.isEmpty == false)
  }

  @Test("RSL4b: encoding twice changes nothing the second time")
  func idempotent() throws {
    var message = Message(data: ["a": 1])
    try message.encode()
    let once = message
    try message.encode()
    #expect(message == once)
  }
}
