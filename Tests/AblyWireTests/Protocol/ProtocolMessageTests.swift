internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Protocol messages")
struct ProtocolMessageTests {
  static let whole: JSONValue = [
    "action": 15, "id": "c:1", "auth": ["accessToken": "secret-token"], "channel": "a", "channelSerial": "s",
    "connectionId": "c",
    "connectionDetails": [
      "clientId": "bob", "connectionKey": "secret-key", "maxMessageSize": 65536, "maxFrameSize": 524_288,
      "maxInboundRate": 1000, "connectionStateTtl": 120_000, "serverId": "node", "maxIdleInterval": 15_000,
    ],
    "count": 2, "error": ErrorInfo(.tokenExpired, "expired").json, "flags": 65541, "msgSerial": 7,
    "messages": [["name": "n", "data": "AQI=", "encoding": "base64"]],
    "presence": [["action": 2, "clientId": "bob", "data": "AQI=", "encoding": "base64"]],
    "timestamp": 1_700_000_000_000, "params": ["rewind": "1"],
    "res": [["serials": ["x", .null]], ["serials": []]],
  ]

  @Test(
    "TR1, TR4a, TR4n, TR4p, TR4b, TR4c, TR4d, TR4o, TR4g, TR4h, TR4i, TR4j, TR4k, TR4l, TR4m, TR4q, TR4s: every member, there and back",
    arguments: WireFormat.allCases)
  func everyMember(format: WireFormat) throws {
    let message = try ProtocolMessage(json: format.decode(format.encode(Self.whole)))
    #expect(message.action == .message)
    #expect(message.accessToken == Secret("secret-token"), "AD1, AD2")
    #expect(message.flags == [.hasPresence, .resumed, .presence], "TR3a, TR3c, TR3q")
    #expect(message.connectionDetails?.clientId == "bob", "CD2a")
    #expect(message.connectionDetails?.connectionStateTTL == .seconds(120), "CD2f")
    #expect(message.connectionDetails?.maxIdleInterval == .seconds(15), "CD2h")
    #expect(message.results == [["x", nil], []])
    #expect(try message.json() == Self.whole)
  }

  @Test("RSL4c1: the bytes of messages and presence travel as bytes in MessagePack")
  func binary() throws {
    let packed = try MessagePackValue(parsing: WireFormat.messagePack.encode(Self.whole))
    guard case .map(let members) = packed, case .array(let messages) = members["messages"],
      case .array(let presence) = members["presence"]
    else {
      Issue.record("not a protocol message")
      return
    }
    #expect(messages == [.map(["name": .string("n"), "data": .binary([1, 2])])])
    #expect(
      presence == [.map(["action": .integer(2), "clientId": .string("bob"), "data": .binary([1, 2])])])
  }

  @Test("TR2: actions in their order, and unknown ones")
  func actions() throws {
    let named: [ProtocolAction] = [
      .heartbeat, .ack, .nack, .connect, .connected, .disconnect, .disconnected, .close, .closed, .error,
      .attach, .attached, .detach, .detached, .presence, .message, .sync, .auth,
    ]
    #expect(named.map(\.rawValue) == Array(0...17))
    #expect(try ProtocolMessage(json: ["action": 99, "unknown": [1]]).action.rawValue == 99, "RTF1")
  }

  static let malformed: [JSONValue] = [
    .null, [], "x", [:], ["action": "15"], ["action": 1.5.json], ["action": 15, "messages": [:]],
    ["action": 15, "messages": [5]], ["action": 15, "channel": 5], ["action": 0, "msgSerial": "x"],
    ["action": 4, "connectionDetails": []], ["action": 4, "connectionDetails": ["maxIdleInterval": -1]],
    ["action": 4, "connectionDetails": ["connectionKey": 5]],
  ]

  @Test("RTF1: what is no protocol message is an error, never a trap", arguments: malformed)
  func refused(json: JSONValue) {
    #expect(throws: ErrorInfo.self) { try ProtocolMessage(json: json) }
  }

  @Test("no token or key of a connection prints")
  func secrets() throws {
    let message = try ProtocolMessage(json: Self.whole)
    var text = "\(message) \(String(reflecting: message))"
    dump(message, to: &text)
    #expect(!text.contains("secret-token"))
    #expect(!text.contains("secret-key"))
  }
}

extension Double {
  fileprivate var json: JSONValue { JSONNumber(self).map(JSONValue.number) ?? .null }
}
