internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct PingTests {
  static func ping(_ bench: inout MachineBench, _ id: String) -> Ticket {
    let ticket = bench.ticket()
    bench.on(.ping(ticket, id: id))
    return ticket
  }

  static func answer(_ bench: inout MachineBench, _ id: String?) {
    bench.receive(.heartbeat) { $0.id = id }
  }

  @Test("RTN13a, RTN13e: a ping is a HEARTBEAT with an id, and ends with the one that has the same")
  func roundTrip() throws {
    var bench = try MachineBench.connected()
    let first = Self.ping(&bench, "a")
    bench.advance(.milliseconds(5))
    let second = Self.ping(&bench, "b")
    #expect(bench.log.sent(.heartbeat).map(\.id) == ["a", "b"])
    bench.advance(.milliseconds(5))
    Self.answer(&bench, nil)
    Self.answer(&bench, "c")
    #expect(bench.log.outcome(first) == nil && bench.log.outcome(second) == nil)
    Self.answer(&bench, "b")
    Self.answer(&bench, "a")
    guard case .success(.roundTrip(let long))? = bench.log.outcome(first),
      case .success(.roundTrip(let short))? = bench.log.outcome(second)
    else {
      Issue.record("no answer")
      return
    }
    #expect(long == .milliseconds(10) && short == .milliseconds(5))
  }

  @Test("RTN13c: a ping without an answer fails after realtimeRequestTimeout, with a timeout")
  func timesOut() throws {
    var bench = try MachineBench.connected { $0.realtimeRequestTimeout = .seconds(2) }
    let ticket = Self.ping(&bench, "a")
    bench.advance(.milliseconds(1999))
    #expect(bench.log.outcome(ticket) == nil)
    bench.advance(.milliseconds(1))
    #expect(bench.log.error(ticket)?.code == .timeout && bench.machine.state == .connected)
  }

  @Test(
    "RTN13b: a ping fails where there is no connection and none is about to be",
    arguments: [ConnectionState.initialized, .suspended, .closing, .closed, .failed])
  func fails(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    let ticket = Self.ping(&bench, "a")
    #expect(bench.log.error(ticket) != nil)
  }

  @Test(
    "RTN13d: otherwise it waits for the connection", arguments: [ConnectionState.connecting, .disconnected])
  func waits(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    let ticket = Self.ping(&bench, "a")
    #expect(bench.log.sent.isEmpty)
    if state == .disconnected { bench.on(.connect) }
    bench.authenticate()
    #expect(bench.confirm().sent(.heartbeat).map(\.id) == ["a"])
    Self.answer(&bench, "a")
    #expect(bench.log.succeeded(ticket))
  }

  @Test("RTN13c: the time of a ping that waited begins with the connection")
  func waitsThenTimesOut() throws {
    var bench = try MachineBench { $0.realtimeRequestTimeout = .seconds(2) }
    bench.on(.connect)
    let ticket = Self.ping(&bench, "a")
    bench.advance(.seconds(60))
    bench.authenticate()
    bench.confirm()
    bench.advance(.milliseconds(1999))
    #expect(bench.log.outcome(ticket) == nil)
    bench.advance(.milliseconds(1))
    #expect(bench.log.error(ticket)?.code == .timeout)
  }

  @Test(
    "RTN13b: a ping that waits fails with the attempt",
    arguments: [ConnectionState.failed, .suspended, .closed])
  func waitsInVain(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.on(.connect)
    let ticket = Self.ping(&bench, "a")
    switch state {
    case .failed: bench.on(.notAuthenticated(bench.machine.lastNumber, .forbidden))
    case .closed: bench.on(.close)
    default:
      while bench.machine.state != .suspended {
        if case .authenticating(let number) = bench.machine.link {
          bench.on(.notAuthenticated(number, .broken))
        }
        bench.advance(.seconds(1))
      }
    }
    #expect(bench.log.error(ticket) != nil)
  }
}
