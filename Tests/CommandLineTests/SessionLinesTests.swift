internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime
@testable internal import ably_auth

@Suite(.endsAtLast) struct SessionLinesTests {
  @Test("actions of members have names in results, as in events")
  func actions() {
    for (action, name) in [(PresenceAction.present, "present"), (.enter, "enter"), (.update, "update")] {
      var member = PresenceMessage(action: action, clientId: "bob")
      member.data = .string("here")
      #expect(member.plainJSON["action"] == .string(name))
      #expect(member.event(on: "a")["action"] == .string(name))
    }
  }

  @Test("RTL2g: an UPDATE of a channel says that it is one, and whether anything was lost")
  func channelUpdate() {
    let reason = ErrorInfo(.channelOperationFailed, "continuity was lost")
    let update = ChannelStateChange(
      from: .attached, to: .attached, event: .update, reason: reason, resumed: false)
    #expect(
      update.json(of: "a")
        == [
          "event": "channel", "channel": "a", "previous": "attached", "current": "attached",
          "reason": reason.json, "update": true, "resumed": false,
        ])
    let change = ChannelStateChange(from: .attaching, to: .attached, resumed: true)
    #expect(
      change.json(of: "a")
        == [
          "event": "channel", "channel": "a", "previous": "attaching", "current": "attached", "reason": .null,
        ])
  }

  @Test(
    "whatever a line may hold is taken",
    arguments: [
      #"{"id":1,"do":"authorize","tokenParams":{},"authOptions":{}}"#,
      #"{"do":"requestToken","tokenParams":{},"authOptions":{}}"#,
      #"{"do":"createTokenRequest","tokenParams":{},"authOptions":{}}"#, #"{"id":"a","do":"time"}"#,
      #"{"do":"request","method":"GET","path":"/","body":{},"version":2,"params":{},"headers":{}}"#,
      #"{"do":"revokeTokens","targets":[],"issuedBefore":1,"allowReauthMargin":true}"#,
      #"{"do":"connect"}"#, #"{"do":"close"}"#, #"{"do":"ping"}"#, #"{"do":"attach","channel":"x"}"#,
      #"{"do":"detach","channel":"x"}"#, #"{"do":"subscribe","channel":"x"}"#,
      #"{"do":"publish","channel":"x","name":"n","data":1,"clientId":"c"}"#,
      #"{"do":"enter","channel":"x","clientId":"c","data":1}"#,
      #"{"do":"update","channel":"x","clientId":"c","data":1}"#,
      #"{"do":"leave","channel":"x","clientId":"c","data":1}"#, #"{"do":"presence","channel":"x"}"#,
      #"{"do":"history","channel":"x","untilAttach":true}"#, #"{"do":"status","channel":"x"}"#,
      #"{"do":"state"}"#, #"{"do":"quit","why":"enough"}"#,
    ])
  func members(line: String) throws {
    let json = try JSONValue(parsing: line)
    try json.checkMembers(hasConnection: true)
    guard var members = json.object, members["do"] != "quit" else { return }
    members["more"] = 1
    let error = #expect(throws: ErrorInfo.self) {
      try JSONValue.object(members).checkMembers(hasConnection: true)
    }
    #expect(error?.code == .badRequest)
    #expect(error?.remedy?.hasPrefix("It may have ") == true)
  }

  @Test(
    "40000: a value of the wrong kind is refused, not left out",
    arguments: [
      #"{"do":"request","method":"GET","path":"/time","version":"abc"}"#,
      #"{"do":"request","method":"GET","path":"/time","version":1.5}"#,
      #"{"do":"request","method":"GET","path":"/time","params":"limit=1"}"#,
      #"{"do":"request","method":"GET","path":"/time","params":{"limit":[1]}}"#,
      #"{"do":"request","method":"GET","path":"/time","headers":{"x":null}}"#,
      #"{"do":"revokeTokens","targets":[{"type":"clientId","value":"x"}],"allowReauthMargin":"yes"}"#,
    ])
  func wrongKinds(line: String) async throws {
    let outcome = try await Tool.run(
      "session", "--rest", "--key", Tool.key, "--use-token-auth", input: line + "\n")
    let answer = try outcome.json()
    #expect(answer["ok"] == false && answer["error"]?["code"] == 40000, "\(answer)")
    #expect(answer["error"]?["message"]?.string?.contains("must be") == true, "\(answer)")
  }

  @Test("parameters are split at their first '=' and left as they are, header fields at their ':'")
  func namesAndValues() {
    let parameter = ParameterArgument(argument: "a:b=c= d ")
    #expect(parameter?.name == "a:b" && parameter?.value == "c= d ")
    #expect(ParameterArgument(argument: "a:b") == nil && ParameterArgument(argument: "=b") == nil)
    let header = HeaderArgument(argument: "X-A:  b=c ")
    #expect(header?.name == "X-A" && header?.value == "b=c")
    #expect(HeaderArgument(argument: ":b") == nil)
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
