internal import AblyTokens
internal import AblyWire
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Presence messages")
struct PresenceMessageTests {
  @Test("TP1, TP3a, TP3b, TP3c, TP3d, TP3e, TP3f, TP3g, TP3i, TP4: attributes, decoded")
  func attributes() throws {
    let message = try PresenceMessage(fromEncoded: [
      "id": "i", "action": 2, "clientId": "bob", "connectionId": "c", "data": "eyJhIjoxfQ==",
      "encoding": "json/utf-8/base64", "timestamp": 5000, "extras": ["headers": ["a": "b"]], "unknown": true,
    ])
    #expect(message.id == "i")
    #expect(message.action == .enter)
    #expect(message.clientId == "bob")
    #expect(message.connectionId == "c")
    #expect(message.data == ["a": 1])
    #expect(message.encoding == nil)
    #expect(message.timestamp?.timeIntervalSince1970 == 5)
    #expect(message.extras?["headers"]?["a"] == "b")
  }

  @Test("TP2: actions, known and not", arguments: [0, 1, 2, 3, 4, 99])
  func action(number: Int) throws {
    let message = try PresenceMessage(json: ["action": .number(JSONNumber(number))])
    #expect(message.action?.rawValue == number)
    let known: [PresenceAction] = [.absent, .present, .enter, .leave, .update]
    #expect(known.map(\.rawValue) == [0, 1, 2, 3, 4])
  }

  @Test("TP3h: a member is an identity on a connection")
  func memberKey() throws {
    #expect(try PresenceMessage(json: ["clientId": "b", "connectionId": "c"]).memberKey == "c:b")
  }

  @Test("what is no object is refused", arguments: [JSONValue.null, [], "x", 5])
  func refused(json: JSONValue) {
    #expect(throws: ErrorInfo.self) { try PresenceMessage(json: json) }
  }
}
