internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ConnectionClosingTests {
  @Test("RTN12a, RTN4c: a connection asks to be closed, and is when the service says so")
  func closes() throws {
    var bench = try MachineBench.connected()
    let effects = bench.on(.close)
    #expect(effects.states == [.closing] && effects.sent(.close).count == 1 && effects.drops == 0)
    let closed = bench.receive(.closed)
    #expect(closed.states == [.closed] && closed.drops == 1)
    #expect(bench.machine.deadlines.next == nil)
  }

  @Test("RTN12b: without an answer it is closed after realtimeRequestTimeout")
  func noAnswer() throws {
    var bench = try MachineBench.connected { $0.realtimeRequestTimeout = .seconds(3) }
    bench.on(.close)
    #expect(bench.advance(.milliseconds(2999)).states.isEmpty)
    let effects = bench.advance(.milliseconds(1))
    #expect(effects.states == [.closed] && effects.drops == 1)
  }

  @Test("RTN12b: an AUTH that has no answer does not bring a connection back that is being closed")
  func noAnswerToAuth() throws {
    var bench = try MachineBench.connected()
    MachineAuthorizeTests.authorize(&bench)
    bench.advance(.seconds(5))
    bench.on(.close)
    #expect(bench.advance(.seconds(9)).states.isEmpty)
    #expect(bench.advance(.seconds(1)).states == [.closed])
  }

  @Test("RTN12c: a socket that breaks instead of an answer closes it")
  func breaks() throws {
    var bench = try MachineBench.connected()
    bench.on(.close)
    #expect(bench.lose().states == [.closed])
  }

  @Test(
    "RTN12d: between two attempts it is closed at once",
    arguments: [ConnectionState.disconnected, .suspended])
  func waiting(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    #expect(bench.on(.close).states == [.closed])
    #expect(bench.advance(.seconds(1000)).isEmpty)
  }

  @Test(
    "RTN12: close before anything was asked for, or after the end, does nothing",
    arguments: [
      ConnectionState.initialized, .closing, .closed, .failed,
    ])
  func nothingToClose(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    #expect(bench.on(.close).isEmpty && bench.machine.state == state)
  }

  @Test("RTN12f: while connecting it is CLOSING, and asks the service once the socket is confirmed")
  func opening() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    #expect(bench.on(.close).states == [.closing])
    let effects = bench.confirm()
    #expect(effects.states.isEmpty && effects.sent.map(\.action) == [.close])
    #expect(bench.receive(.closed).states == [.closed])
  }

  @Test("RTN12f: an attempt that comes to nothing leaves it closed", arguments: 0...4)
  func openingFails(_ way: Int) throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    bench.on(.close)
    let effects =
      switch way {
      case 0: bench.lose(isHostFailure: true)
      case 1: bench.receive(.error, error: .expired)
      case 2: bench.receive(.error, error: .refusal)
      case 3: bench.receive(.disconnected, error: .broken)
      default: bench.advance(.seconds(10))
      }
    #expect(effects.states == [.closed] && effects.drops == 1)
    #expect(bench.advance(.seconds(1000)).isEmpty)
  }

  @Test("RTN12f: without a socket there is nothing to wait for")
  func authenticating() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    #expect(bench.on(.close).states == [.closing, .closed])
    #expect(bench.authenticate().isEmpty)
  }

  @Test(
    "RTN11b: connect() while closing makes another connection, after the channels were detached and renewed")
  func reconnectsWhileClosing() throws {
    var bench = try MachineBench.attached()
    bench.on(.close)
    let old = bench.machine.lastNumber
    let effects = bench.on(.connect)
    #expect(effects.states == [.closed, .connecting] && effects.drops == 1)
    #expect(effects.channelStates("news") == [.detached, .initialized])
    #expect(bench.on(.frame(old, ProtocolMessage(.closed))).isEmpty)
    let opening = try #require(bench.authenticate().opened.first)
    #expect(opening.resume == nil)
  }

  @Test(
    "RTN11d: connect() after the end begins anew: channels, errors, ids and numbers",
    arguments: [ConnectionState.closed, .failed])
  func reconnects(_ state: ConnectionState) throws {
    var bench = try MachineBench.attached()
    bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    if state == .closed { bench.on(.close) }
    if state == .closed { bench.receive(.closed) } else { bench.receive(.error, error: .refusal) }
    #expect(bench.machine.state == state)
    let effects = bench.on(.connect)
    #expect(effects.channelStates("news") == [.initialized])
    #expect(bench.machine.errorReason == nil && bench.machine.channels["news"]?.errorReason == nil)
    #expect(bench.authenticate().opened.first?.resume == nil)
    bench.confirm(id: "two")
    bench.channel("news") { .publish([Message(name: "b")], params: [:], $0) }
    #expect(bench.log.sent(.message).last?.msgSerial == 0)
  }

  @Test("RTN7e: what is under way when the connection ends fails with its reason", arguments: 0...2)
  func failsPublishes(_ way: Int) throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    switch way {
    case 0:
      bench.on(.close)
      #expect(bench.log.outcome(ticket) == nil)
      bench.receive(.closed)
      #expect(bench.log.error(ticket)?.code == .connectionClosed)
    case 1:
      bench.receive(.error, error: .refusal)
      #expect(bench.log.error(ticket) == .refusal)
    default:
      bench.lose()
      while bench.machine.state != .suspended {
        if case .authenticating(let number) = bench.machine.link {
          bench.on(.notAuthenticated(number, .broken))
        }
        #expect(bench.machine.state == .suspended || bench.log.outcome(ticket) == nil)
        bench.advance(.seconds(1))
      }
      #expect(bench.log.error(ticket) != nil)
    }
  }

  @Test("RTC16: at the end of the client everybody who waits learns it, and nothing can begin")
  func ends() throws {
    var bench = try MachineBench()
    let waiting = bench.channel("news") { .attach($0) }
    let queued = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    #expect(bench.on(.end).states == [.closed])
    #expect(bench.log.error(waiting) != nil && bench.log.error(queued) != nil)
    let late = bench.channel("news") { .attach($0) }
    #expect(bench.log.error(late)?.code == .connectionClosed)
    #expect(bench.on(.connect).isEmpty && bench.machine.deadlines.next == nil)
  }
}
