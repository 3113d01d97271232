internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct RecoveryTests {
  @Test("The key of a connection is not printed, wherever it is")
  func secret() throws {
    var bench = try MachineBench.connected()
    #expect(bench.machine.key == "key-one")
    var text = ""
    dump(bench.machine, to: &text)
    dump(bench.machine.recoveryKey, to: &text)
    bench.lose()
    dump(bench.authenticate().opened, to: &text)
    #expect(text.contains("RecoveryKey") && text.contains("Opening"))
    #expect(!text.contains("key-one"))
  }

  @Test("RTN16g, RTN16g1: the key names the connection, the next number and each attached channel's serial")
  func structure() throws {
    var bench = try MachineBench.attached("élan 世界")
    bench.receive(.message, channel: "élan 世界") {
      $0.channelSerial = "serial-1"
      $0.messages = [Message(name: "a")]
    }
    bench.channel("élan 世界") { .publish([Message(name: "a")], params: [:], $0) }
    bench.channel("on its way") { .attach($0) }
    let key = try #require(bench.machine.recoveryKey)
    #expect(key.connectionKey == "key-one" && key.msgSerial == 1)
    #expect(key.channelSerials == ["élan 世界": "serial-1"])
    #expect(RecoveryKey(key.text) == key)
  }

  @Test(
    "RTN16g2: there is none before the first connection, and none when there will be no other",
    arguments: [
      ConnectionState.initialized, .connecting, .disconnected, .suspended, .closing, .closed, .failed,
    ])
  func none(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    #expect(bench.machine.recoveryKey == nil)
  }

  @Test("RTN16g2: there is none any more where a connection was suspended, or failed")
  func noneAfterwards() throws {
    var bench = try MachineBench.connected()
    #expect(bench.machine.recoveryKey != nil)
    bench.machine.suspend(nil)
    #expect(bench.machine.recoveryKey == nil)
    bench = try .connected()
    bench.receive(.error, error: .refusal)
    #expect(bench.machine.state == .failed && bench.machine.recoveryKey == nil)
  }

  static let key = RecoveryKey(
    connectionKey: "old-key", msgSerial: 42, channelSerials: ["a": "s1", "b": "s2"])

  @Test(
    "RTN16k, RTN16f, RTN16j: the first connection recovers, with the number and the serials; no later one does"
  )
  func recovers() throws {
    var bench = try MachineBench(recover: Self.key)
    #expect(bench.machine.channels.mapValues(\.state) == ["a": .initialized, "b": .initialized])
    #expect(bench.machine.channels.compactMapValues(\.channelSerial) == ["a": "s1", "b": "s2"])
    bench.on(.connect)
    let opening = try #require(bench.authenticate().opened.first)
    #expect(opening.recover == "old-key" && opening.resume == nil)
    bench.confirm(id: "one", key: "new-key")
    bench.channel("a") { .attach($0) }
    #expect(bench.log.sent(.attach).map(\.channelSerial) == ["s1"])
    bench.channel("a") { .publish([Message(name: "x")], params: [:], $0) }
    #expect(bench.log.sent(.message).map(\.msgSerial) == [42])
    bench.lose()
    let next = try #require(bench.authenticate().opened.first)
    #expect(next.resume == "new-key" && next.recover == nil)
  }

  @Test("RTN16l, RTN16f: a recovery that fails is another connection, whose numbers begin at 0")
  func fails() throws {
    var bench = try MachineBench(recover: Self.key)
    bench.on(.connect)
    bench.authenticate()
    let error = ErrorInfo(.connectionRecoveryFailed, "too late")
    #expect(bench.confirm(error: error).changes.map(\.reason) == [error])
    bench.channel("a") { .publish([Message(name: "x")], params: [:], $0) }
    #expect(bench.log.sent(.message).map(\.msgSerial) == [0])
  }

  @Test("RTN16k: a recovery that was not confirmed is tried again")
  func again() throws {
    var bench = try MachineBench(recover: Self.key)
    bench.on(.connect)
    bench.authenticate()
    bench.lose()
    bench.advance(.seconds(15))
    #expect(bench.authenticate().opened.first?.recover == "old-key")
  }

  @Test(
    "RTN16f1: what is no recovery key is none",
    arguments: ["", "{", "[]", "{}", #"{"connectionKey":""}"#, #"{"connectionKey":1}"#, "key"])
  func malformed(_ text: String) {
    #expect(RecoveryKey(text) == nil)
  }

  @Test("RTN16f1: a number that no connection has is taken for 0")
  func absurdNumber() throws {
    let key = try #require(
      RecoveryKey(#"{"connectionKey":"k","msgSerial":-5,"channelSerials":{"a":1,"b":"s"}}"#))
    #expect(key.msgSerial == 0 && key.channelSerials == ["b": "s"])
    let last = try #require(RecoveryKey(#"{"connectionKey":"k","msgSerial":9223372036854775807}"#))
    var bench = try MachineBench(recover: last)
    bench.on(.connect)
    bench.authenticate()
    bench.confirm()
    for _ in 0..<3 { bench.channel("a") { .publish([Message(name: "x")], params: [:], $0) } }
    #expect(Set(bench.log.sent(.message).map(\.msgSerial)).count == 3)
  }
}
