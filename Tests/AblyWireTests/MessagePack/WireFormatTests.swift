internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Formats")
struct WireFormatTests {
  static let values: [JSONValue] = [
    .null, true, 5, -5, "text", [], [:], [1, "a", .null], ["a": ["b": [1, 2]]],
    ["data": "plain text"], ["data": "aGVsbG8=", "encoding": "base64"],
    ["data": "aGVsbG8=", "encoding": "utf-8/cipher+aes-128-cbc/base64"],
    ["data": "not base64!", "encoding": "base64"], ["data": "{}", "encoding": "json"],
    [["data": "aGVsbG8=", "encoding": "json/base64"], ["name": "n"]],
    ["extras": ["data": "aGVsbG8=", "encoding": "base64"]],
  ]

  @Test("RSC8a, RSC8b: a value comes out as it went in, in both", arguments: values)
  func roundTrip(value: JSONValue) throws {
    for format in WireFormat.allCases { #expect(try format.decode(format.encode(value)) == value) }
  }

  @Test("numbers: whole ones as such, and fractions, in MessagePack")
  func numbers() throws {
    for literal in ["1700000000000", "-1", "1.5", "9223372036854775807", "18446744073709551615"] {
      let value = try JSONValue(parsing: "[\(literal)]")
      #expect(try WireFormat.messagePack.decode(WireFormat.messagePack.encode(value)) == value)
    }
    #expect(MessagePackValue(try JSONValue(parsing: "3.6e6")) == .integer(3_600_000))
    #expect(MessagePackValue.double(.nan).json == .null)
  }

  @Test("RSL4c1, RSL4d1: the bytes of a message travel as bytes in MessagePack, in base64 in JSON")
  func binary() throws {
    let message = try Message(name: "n", data: .binary([1, 2, 3])).json()
    #expect(message == ["name": "n", "data": "AQID", "encoding": "base64"])
    let packed = try MessagePackValue(parsing: WireFormat.messagePack.encode([message]))
    #expect(packed == .array([.map(["name": .string("n"), "data": .binary([1, 2, 3])])]))
    let back = try WireFormat.messagePack.decode(packed.bytes)
    #expect(try Message(fromEncoded: back.array?.first ?? .null).data == .binary([1, 2, 3]))
  }

  @Test("RSL4c2, RSL4c3: text and JSON travel as text in MessagePack")
  func text() throws {
    let message = try Message(name: nil, data: ["a": 1]).json()
    let packed = try MessagePackValue(parsing: WireFormat.messagePack.encode(message))
    #expect(packed == .map(["data": .string(#"{"a":1}"#), "encoding": .string("json")]))
  }

  @Test("RSL6a: bytes with other steps left are decoded")
  func steps() throws {
    let packed = MessagePackValue.map([
      "data": .binary(Array(#"{"a":1}"#.utf8)), "encoding": .string("json/utf-8"),
    ])
    let message = try Message(fromEncoded: WireFormat.messagePack.decode(packed.bytes))
    #expect(message.data == ["a": 1])
    #expect(message.encoding == nil)
  }

  @Test(
    "RSL4c1, RSL6a: so are the bytes in an answer to a batch, in messages and members",
    arguments: [
      "messages", "presence",
    ])
  func batch(name: String) throws {
    let packed = MessagePackValue.array([
      .map([
        "channel": .string("c"),
        name: .array([
          .map(["clientId": .string("bob"), "data": .binary([1, 2, 3])]),
          .map(["data": .binary([1]), "encoding": .string("utf-8")]),
        ]),
      ])
    ])
    let members: JSONValue = [
      ["clientId": "bob", "data": "AQID", "encoding": "base64"],
      ["data": "AQ==", "encoding": "utf-8/base64"],
    ]
    let json = try WireFormat.messagePack.decode(packed.bytes)
    #expect(json == [["channel": "c", name: members]])
    #expect(try MessagePackValue(parsing: WireFormat.messagePack.encode(json)) == packed, "and back")
  }
}
