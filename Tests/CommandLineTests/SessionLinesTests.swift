internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import ably_auth

@Suite struct SessionLinesTests {
  @Test("actions of members have names in results, as in events")
  func actions() {
    for (action, name) in [(PresenceAction.present, "present"), (.enter, "enter"), (.update, "update")] {
      var member = PresenceMessage(action: action, clientId: "bob")
      member.data = .string("here")
      #expect(member.plainJSON["action"] == .string(name))
      #expect(member.event(on: "a")["action"] == .string(name))
    }
  }

  @Test("an id that is null comes back as null, and none as none")
  func ids() async throws {
    let outcome = try await Tool.run(
      "session", "--rest", "--key", Tool.key, "--use-token-auth",
      input: #"{"id":null,"do":"fly"}"# + "\n" + #"{"do":"fly"}"# + "\n")
    let lines = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(lines.map { $0.object?["id"] } == [.null, nil])
  }
}
