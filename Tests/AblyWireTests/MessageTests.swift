internal import AblyTokens
internal import AblyWire
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Message")
struct MessageTests {
  static let whole: JSONValue = [
    "id": "msg-123", "name": "event", "data": "hello", "encoding": "custom", "clientId": "bob",
    "connectionId": "conn-456", "connectionKey": "conn!key", "timestamp": 1_234_567_890_123,
    "extras": ["headers": ["x": "y"]], "serial": "01726585978590-001@abc",
  ]

  @Test("TM1, TM2a–TM2i, TM2r, RSL1j: every member is read and written")
  func everyMember() throws {
    let message = try Message(json: Self.whole)
    #expect(message.id == "msg-123")
    #expect(message.name == "event")
    #expect(message.data == "hello")
    #expect(message.encoding == "custom")
    #expect(message.clientId == "bob")
    #expect(message.connectionId == "conn-456")
    #expect(message.connectionKey == "conn!key")
    var dumped = ""
    dump(message, to: &dumped)
    #expect(!"\(message) \(dumped)".contains("conn!key"))
    #expect(message.timestamp == Date(timeIntervalSince1970: 1_234_567_890.123))
    #expect(message.extras?["headers"]?["x"] == "y")
    #expect(message.serial == "01726585978590-001@abc")
    #expect(try message.json() == Self.whole)
  }

  @Test("RSL1e, TM2: null and absent members are absent, unknown ones ignored")
  func nulls() throws {
    let message = try Message(
      json: ["name": .null, "data": .null, "extras": .null, "id": .null, "surprise": [1]])
    #expect(message == Message())
    #expect(try message.json() == [:])
  }

  @Test("TM4: a message of name, data and client id")
  func constructors() {
    #expect(Message(name: "n", data: "d").clientId == nil)
    #expect(Message(name: "n", data: "d", clientId: "c").clientId == "c")
    #expect(Message().name == nil)
  }

  static let malformed: [(JSONValue, ErrorInfo.Code)] = [
    ("text", .badRequest), ([1], .badRequest), (.null, .badRequest),
    (["name": 5], .badRequest), (["id": []], .badRequest), (["encoding": true], .badRequest),
    (["clientId": ["a": 1]], .badRequest), (["timestamp": "soon"], .invalidParameterValue),
    (["timestamp": [1]], .invalidParameterValue),
    (["timestamp": .number(JSONNumber(1.5) ?? JSONNumber(0))], .invalidParameterValue),
  ]

  @Test("TM2: a malformed message is an error, never a trap", arguments: malformed)
  func refusal(json: JSONValue, code: ErrorInfo.Code) throws {
    let error = try #require(throws: ErrorInfo.self) { try Message(json: json) }
    #expect(error.code == code)
  }

  @Test("TM2f: a timestamp in text counts, and one far away is exact or an error")
  func timestamps() throws {
    let quoted = try Message(json: ["timestamp": "1000"])
    #expect(quoted.timestamp == Date(timeIntervalSince1970: 1))
    var endless = Message()
    endless.timestamp = Date(timeIntervalSince1970: .infinity)
    let message = endless
    let error = #expect(throws: ErrorInfo.self) { try message.json() }
    #expect(error?.code == .invalidParameterValue)
  }

  static let sizes: [(Message, Int)] = [
    (Message(), 0),
    (Message(name: "name"), 4),
    (Message(data: "é"), 2),
    (Message(data: .binary([1, 2, 3])), 3),
    (Message(data: ["a": 1]), 7),
    (Message(name: "n", data: "d", clientId: "c"), 3),
  ]

  @Test("TM6a, TM6b, TM6c, TM6e, TM6f: the size of a message", arguments: sizes)
  func size(message: Message, size: Int) {
    #expect(message.size == size)
  }

  @Test("TM6d: extras count as their JSON text")
  func sizeOfExtras() {
    var message = Message(name: "n")
    message.extras = ["a": "b"]
    #expect(message.size == 1 + 9)
  }

  @Test("TM2j, TM2s, TM2u, TM5: what a message does to another, and what became of it", arguments: 0..<7)
  func action(number: Int) throws {
    let json: JSONValue = [
      "action": .number(JSONNumber(number)), "version": ["serial": "v", "clientId": "bob"],
      "annotations": ["summary": ["like:total": ["total": 3]]], "serial": "s",
    ]
    let message = try Message(json: json)
    #expect(message.action?.rawValue == number)
    #expect(message.version?["clientId"] == "bob")
    #expect(try message.json() == json, "RSL1j")
    let named: [MessageAction] = [.create, .update, .delete, .meta, .summary, .append]
    #expect(named.map(\.rawValue) == Array(0...5))
  }
}
