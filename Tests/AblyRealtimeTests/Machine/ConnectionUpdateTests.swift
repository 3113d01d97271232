internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ConnectionUpdateTests {
  @Test("RTN24, RTN21, RTN4h: CONNECTED on a connection is an UPDATE and nothing else, and its details count")
  func update() throws {
    var bench = try MachineBench.connected()
    let effects = bench.receive(.connected) {
      $0.connectionId = "one"
      var details = ConnectionDetails()
      details.connectionKey = Secret("key-two")
      details.connectionStateTTL = .seconds(7)
      details.maxIdleInterval = .seconds(3)
      details.maxMessageSize = 5
      $0.connectionDetails = details
    }
    #expect(effects.states == [nil])
    #expect(effects.changes.first?.previous == .connected && effects.changes.first?.current == .connected)
    #expect(effects.changes.first?.reason == nil)
    #expect(
      bench.machine.id == "one" && bench.machine.key == "key-two"
        && bench.machine.details.stateTTL == .seconds(7))
    #expect(bench.machine.deadlines[.activity] == .seconds(13))
    let ticket = bench.channel("news") { .publish([Message(name: "longer")], params: [:], $0) }
    #expect(bench.log.error(ticket)?.code == .maxMessageSizeExceeded)
  }

  @Test("RTN24, RTN25: an UPDATE carries the error, which becomes errorReason")
  func error() throws {
    var bench = try MachineBench.connected()
    #expect(bench.confirm(error: .expired).changes.first?.reason == .expired)
    #expect(bench.machine.errorReason == .expired)
  }

  @Test("RTN25: errorReason is that of the latest failure, and is gone once connected")
  func errorReason() throws {
    var bench = try MachineBench()
    bench.bring(to: .disconnected)
    #expect(bench.machine.errorReason?.code == .tokenRequestFailed)
    bench.advance(.seconds(15))
    bench.authenticate()
    bench.confirm()
    #expect(bench.machine.errorReason == nil)
    bench.receive(.error, error: .refusal)
    #expect(bench.machine.errorReason == .refusal && bench.log.changes.last?.reason == .refusal)
  }

  @Test("RSA7b3, RTC4a: the identity that the service states is told", arguments: ["bob", nil, "*"])
  func identity(_ clientId: String?) throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    let stated = bench.confirm(clientId: clientId).compactMap { effect -> String?? in
      if case .identified(let id) = effect { .some(id) } else { nil }
    }
    #expect(stated == [clientId])
  }

  @Test(
    "RSA15a, RSA15c: an identity other than ClientOptions.clientId fails the connection with 40102",
    arguments: [("alice", true), ("bob", false), ("*", false), (nil, false)] as [(String?, Bool)],
    [false, true])
  func mismatch(_ stated: (String?, Bool), _ isUpdate: Bool) throws {
    let (clientId, isMismatch) = stated
    var bench = try MachineBench { $0.clientId = "bob" }
    bench.on(.connect)
    bench.authenticate()
    if isUpdate { bench.confirm(clientId: "bob") }
    bench.confirm(clientId: clientId)
    #expect(bench.machine.state == (isMismatch ? .failed : .connected))
    #expect(bench.machine.errorReason?.code == (isMismatch ? .incompatibleCredentials : nil))
  }

  @Test("RTF1, RSF1: members of frames and messages that are unknown are ignored, the rest is read")
  func unknownMembers() throws {
    var bench = try MachineBench.attached()
    let text = """
      {"action":15,"channel":"news","id":"f","futureFlag":true,"future":{"a":[1]},"flags":1073741824,
       "messages":[{"name":"a","data":"d","future":{"b":2},"action":77},{"name":"b","alien":null}]}
      """
    let frame = try ProtocolMessage(json: JSONValue(parsing: text.utf8))
    let effects = bench.on(.frame(bench.machine.lastNumber, frame))
    #expect(effects.messages("news").map(\.name) == ["a", "b"])
    #expect(effects.messages("news").first?.data == .string("d"))
  }

  @Test("RTF1: actions that are unknown, and channels that nobody asked for, are ignored")
  func unknown() throws {
    var bench = try MachineBench.attached()
    for action in [3, 5, 7, 10, 12, 18, 20, 22, 255, -1, Int.max] {
      #expect(bench.receive(ProtocolAction(rawValue: action), channel: "news").isEmpty)
      #expect(bench.receive(ProtocolAction(rawValue: action)).isEmpty)
    }
    for action in [ProtocolAction.attached, .detached, .message, .presence, .sync] {
      #expect(bench.receive(action, channel: "nobody asked").isEmpty)
    }
    #expect(bench.machine.channels.count == 1 && bench.machine.state == .connected)
  }
}
