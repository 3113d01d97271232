internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ConnectionFailureTests {
  @Test(
    "RTN15a, RTN15h3, RTN15b, RTN15c6: a lost connection is resumed without delay, and goes on",
    arguments: [false, true])
  func resumes(_ isAnnounced: Bool) throws {
    var bench = try MachineBench.connected()
    let effects = isAnnounced ? bench.receive(.disconnected, error: .broken) : bench.lose()
    #expect(effects.states == [.disconnected, .connecting])
    #expect(effects.changes.first?.reason == .broken && effects.changes.first?.retryIn == .zero)
    #expect(bench.authenticate().opened.first?.resume == "key-one")
    let changes = bench.confirm(id: "one", key: "key-two").changes
    #expect(changes.map(\.current) == [.connected] && changes.first?.reason == nil)
    #expect(bench.machine.id == "one" && bench.machine.key == "key-two")
  }

  @Test(
    "RTB1, RTN15a, RTC7: the attempt right after a loss waits for nothing, those that follow as any other")
  func retriesAfterLoss() throws {
    var bench = try MachineBench.connected {
      $0.disconnectedRetryTimeout = .seconds(3)
      $0.endpoint = "localhost"
    }
    #expect(bench.lose().changes.map(\.retryIn) == [.zero, nil])
    for wait in [3, 4, 5, 6, 6] {
      bench.authenticate()
      #expect(bench.lose(isHostFailure: true).changes.map(\.retryIn) == [.seconds(wait)])
      #expect(bench.advance(.seconds(wait) - .milliseconds(1)).isEmpty)
      #expect(bench.advance(.milliseconds(1)).states == [.connecting])
    }
  }

  @Test("RTN15e: the key is replaced at each resume")
  func key() throws {
    var bench = try MachineBench.connected()
    for number in 2...4 {
      let last: Secret? = number == 2 ? "key-one" : Secret("key-\(number - 1)")
      bench.lose()
      bench.advance(.seconds(2))
      #expect(bench.authenticate().opened.map(\.resume) == [last])
      bench.confirm(id: "one", key: "key-\(number)")
      #expect(bench.machine.key == "key-\(number)")
    }
  }

  @Test(
    "RTN15c7, RTN19a2: a resume that fails is another connection: its error is told, and numbers begin at 0")
  func resumeFails() throws {
    var bench = try MachineBench.attached()
    let done = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    bench.receive(.ack) { $0.msgSerial = 0 }
    let open = bench.channel("news") { .publish([Message(name: "b")], params: [:], $0) }
    bench.lose()
    bench.authenticate()
    let error = ErrorInfo(.connectionRecoveryFailed, "lost")
    let effects = bench.confirm(id: "two", key: "key-two", error: error)
    #expect(effects.changes.map(\.reason) == [error] && bench.machine.errorReason == error)
    #expect(bench.machine.id == "two" && bench.machine.key == "key-two")
    #expect(effects.sent(.message).map(\.msgSerial) == [0])
    bench.receive(.ack) { $0.msgSerial = 0 }
    #expect(bench.log.succeeded(done) && bench.log.succeeded(open))
  }

  @Test("RTN19a, RTN19a2: what was not confirmed is sent again under its number when the connection goes on")
  func resends() throws {
    var bench = try MachineBench.attached()
    let first = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    bench.receive(.ack) { $0.msgSerial = 0 }
    let second = bench.channel("news") { .publish([Message(name: "b")], params: [:], $0) }
    bench.lose()
    bench.authenticate()
    let sent = bench.confirm().sent(.message)
    #expect(sent.map(\.msgSerial) == [1] && sent.first?.messages.first?.name == "b")
    bench.receive(.ack) { $0.msgSerial = 1 }
    #expect(bench.log.succeeded(first) && bench.log.succeeded(second))
  }

  @Test("RTN19b: what a channel asked for is asked again on another socket")
  func pendingChannels() throws {
    var bench = try MachineBench.attached("leaving")
    bench.channel("coming") { .attach($0) }
    bench.channel("leaving") { .detach($0) }
    bench.lose()
    bench.authenticate()
    let effects = bench.confirm()
    #expect(effects.sent(.attach).map(\.channel) == ["coming"])
    #expect(effects.sent(.detach).map(\.channel) == ["leaving"])
  }

  @Test("RTN15h2, RTN22a: DISCONNECTED with a token error is told, then renewed and resumed without delay")
  func tokenEnds() throws {
    var bench = try MachineBench.connected()
    let effects = bench.receive(.disconnected, error: .expired)
    #expect(effects.states == [.disconnected, .connecting])
    #expect(effects.changes.first?.reason == .expired)
    guard case .authenticate(_, let refused, _)? = effects.last else {
      Issue.record("no renewal")
      return
    }
    #expect(refused?.serial == 1)
    let opening = try #require(bench.authenticate().opened.first)
    #expect(opening.resume == "key-one" && opening.credentials.serial == 2)
    #expect(bench.confirm(id: "one", key: "key-renewed").states == [.connected])
    #expect(bench.machine.id == "one" && bench.machine.key == "key-renewed")
  }

  @Test(
    "RTN15h2: when the renewal fails, or its token is refused, DISCONNECTED is left to stand",
    arguments: [false, true])
  func tokenEndsForGood(_ hasToken: Bool) throws {
    var bench = try MachineBench.connected()
    bench.receive(.disconnected, error: .expired)
    if hasToken {
      bench.authenticate()
      #expect(bench.receive(.error, error: .expired).states == [.disconnected])
      #expect(bench.machine.errorReason == .expired)
    } else {
      #expect(bench.on(.notAuthenticated(bench.machine.lastNumber, .broken)).states == [.disconnected])
      #expect(bench.machine.errorReason?.code == .tokenRequestFailed)
    }
  }

  @Test("RTN15c5: a token error at a resume is renewed once")
  func tokenErrorAtResume() throws {
    var bench = try MachineBench.connected()
    bench.lose()
    bench.authenticate()
    #expect(bench.receive(.error, error: .expired).asked == 1)
    #expect(bench.authenticate().opened.first?.resume == "key-one")
    bench.confirm()
    #expect(bench.machine.state == .connected && bench.log.opened.count == 3)
  }

  @Test(
    "RTN15j, RTN15c4, RTL3a: a fatal ERROR fails the connection and its channels", arguments: [false, true])
  func fatal(_ atResume: Bool) throws {
    var bench = try MachineBench.attached()
    if atResume {
      bench.lose()
      bench.authenticate()
    }
    let error = ErrorInfo(.internalError, "fatal")
    let effects = bench.receive(.error, error: error)
    #expect(effects.changes.last?.current == .failed && bench.machine.errorReason == error)
    #expect(effects.channelChanges("news").map(\.current) == [.failed])
    #expect(bench.machine.channels["news"]?.errorReason == error)
  }

  @Test("RTN15: a connection that is lost over and over is not taken up more than once a second")
  func storms() throws {
    var bench = try MachineBench.connected()
    bench.lose()
    bench.authenticate()
    bench.confirm()
    bench.advance(.milliseconds(400))
    let change = try #require(bench.receive(.disconnected, error: .expired).changes.first)
    #expect(change.current == .disconnected && change.retryIn == .milliseconds(600))
    #expect(bench.machine.state == .disconnected)
    let effects = bench.advance(.milliseconds(600))
    #expect(effects.states == [.connecting] && effects.asked == 1)
  }

  @Test("RTN15: one that is lost again as soon as it is taken up waits longer each time, until it has lasted")
  func growingStorms() throws {
    var bench = try MachineBench.connected { $0.disconnectedRetryTimeout = .seconds(5) }
    for pause in [0, 1, 2, 4, 5, 5] {
      #expect(bench.lose().changes.first?.retryIn == .seconds(pause))
      bench.advance(.seconds(pause))
      bench.authenticate()
      bench.confirm()
    }
    bench.advance(.seconds(5))
    #expect(bench.lose().changes.first?.retryIn == .zero)
  }

  @Test(
    "RTN20a: without a network the connection is DISCONNECTED at once",
    arguments: [ConnectionState.connecting, .connected])
  func networkGone(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    if state == .connecting { bench.authenticate() }
    let effects = bench.on(.network(isAvailable: false))
    #expect(effects.changes.first?.current == .disconnected && effects.changes.first?.reason != nil)
    #expect(effects.drops == 1)
  }

  @Test(
    "RTN20b: with a network again the next attempt begins",
    arguments: [ConnectionState.disconnected, .suspended])
  func networkBack(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    #expect(bench.on(.network(isAvailable: true)).states == [.connecting])
  }

  @Test("RTN20c: an attempt is begun anew when there is a network again")
  func networkBackWhileConnecting() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    let effects = bench.on(.network(isAvailable: true))
    #expect(effects.states.isEmpty && effects.drops == 1 && effects.asked == 1)
    bench.authenticate()
    #expect(bench.confirm().states == [.connected])
  }

  @Test("RTN23a: silence for longer than maxIdleInterval and realtimeRequestTimeout is a lost connection")
  func silence() throws {
    var bench = try MachineBench { $0.realtimeRequestTimeout = .seconds(2) }
    bench.on(.connect)
    bench.authenticate()
    bench.confirm(maxIdleInterval: .seconds(5))
    #expect(bench.advance(.milliseconds(6999)).states.isEmpty)
    #expect(bench.advance(.milliseconds(1)).states == [.disconnected, .connecting])
    #expect(bench.authenticate().opened.first?.resume == "key-one")
  }

  @Test("RTN23a, RTN23b: any frame and any ping frame keeps the connection", arguments: [0, 1, 2])
  func activity(_ kind: Int) throws {
    var bench = try MachineBench { $0.realtimeRequestTimeout = .seconds(2) }
    bench.on(.connect)
    bench.authenticate()
    bench.confirm(maxIdleInterval: .seconds(5))
    for _ in 0..<5 {
      bench.advance(.seconds(6))
      switch kind {
      case 0: bench.receive(.heartbeat)
      case 1: bench.receive(.message, channel: "elsewhere")
      default: bench.on(.activity(bench.machine.lastNumber))
      }
    }
    #expect(bench.machine.state == .connected)
    #expect(bench.advance(.seconds(7)).states == [.disconnected, .connecting])
  }

  @Test("RTN23a: a maxIdleInterval of zero allows any silence")
  func noInterval() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    bench.confirm(maxIdleInterval: .zero)
    #expect(bench.advance(.seconds(1_000_000)).isEmpty)
  }
}
