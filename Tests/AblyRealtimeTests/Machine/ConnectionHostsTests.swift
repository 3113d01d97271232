internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ConnectionHostsTests {
  static let fallbacks = ["a.example.com", "b.example.com"].map {
    Origin(isSecure: true, host: $0, port: 443)
  }

  static func bench() throws -> MachineBench {
    var bench = try MachineBench { $0.fallbackHosts = ["a.example.com", "b.example.com"] }
    bench.on(.connect)
    bench.authenticate()
    return bench
  }

  static func isAlternativesSought(_ effects: [RealtimeEffect]) -> Bool {
    effects.contains { if case .findAlternatives = $0 { true } else { false } }
  }

  @Test(
    "RTN17f, RTN17j: a host that is down is followed by the check of the network, then by the others in turn")
  func fallsBack() throws {
    var bench = try Self.bench()
    #expect(bench.log.opened.map(\.origin.authority) == ["main.realtime.ably.net"])
    #expect(Self.isAlternativesSought(bench.lose(isHostFailure: true)))
    #expect(bench.machine.state == .connecting)
    let first = bench.on(.alternatives(bench.machine.lastNumber, Self.fallbacks))
    #expect(first.opened.map(\.origin.authority) == ["a.example.com"])
    #expect(bench.lose(isHostFailure: true).opened.map(\.origin.authority) == ["b.example.com"])
    #expect(bench.lose(isHostFailure: true).states == [.disconnected])
  }

  @Test("RTN17j: without a network no other host is tried")
  func noNetwork() throws {
    var bench = try Self.bench()
    bench.lose(isHostFailure: true)
    let effects = bench.on(.alternatives(bench.machine.lastNumber, []))
    #expect(effects.states == [.disconnected] && effects.opened.isEmpty)
    #expect(bench.machine.errorReason == .broken)
  }

  @Test("RTN17i: each attempt begins at the primary host, also after it failed")
  func prefersPrimary() throws {
    var bench = try Self.bench()
    bench.lose(isHostFailure: true)
    bench.on(.alternatives(bench.machine.lastNumber, []))
    bench.advance(.seconds(15))
    #expect(bench.authenticate().opened.map(\.origin.authority) == ["main.realtime.ably.net"])
  }

  @Test("RTN17i: a connection that was closed and is asked for again forgets which host had failed")
  func closedMeanwhile() throws {
    var bench = try Self.bench()
    bench.receive(.disconnected, error: ErrorInfo(.internalError, "down", statusCode: 503))
    bench.on(.close)
    bench.on(.connect)
    #expect(bench.authenticate().opened.map(\.origin.authority) == ["main.realtime.ably.net"])
  }

  @Test("RTN17g: without fallback hosts the attempt fails at once")
  func noFallbacks() throws {
    var bench = try MachineBench { $0.endpoint = "custom.example.com" }
    bench.on(.connect)
    bench.authenticate()
    let effects = bench.lose(isHostFailure: true)
    #expect(effects.states == [.disconnected] && !Self.isAlternativesSought(effects))
  }

  @Test(
    "RTN17f1: DISCONNECTED with a status from 500 to 504 needs another host, another status does not",
    arguments: [499: false, 500: true, 503: true, 504: true, 505: false])
  func disconnected(_ status: Int, _ needsOther: Bool) throws {
    var bench = try Self.bench()
    let error = ErrorInfo(.internalError, "down", statusCode: status)
    #expect(Self.isAlternativesSought(bench.receive(.disconnected, error: error)) == needsOther)

    bench = try Self.bench()
    bench.confirm()
    bench.receive(.disconnected, error: error)
    #expect(Self.isAlternativesSought(bench.authenticate()) == needsOther)
  }

  @Test("RTN17e: requests are told where the connection stands, and when it no longer does")
  func stands() throws {
    var bench = try Self.bench()
    bench.lose(isHostFailure: true)
    bench.on(.alternatives(bench.machine.lastNumber, Self.fallbacks))
    let origins = { (effects: [RealtimeEffect]) -> [Origin?] in
      effects.compactMap { if case .stands(let origin) = $0 { .some(origin) } else { nil } }
    }
    #expect(origins(bench.confirm()) == [Self.fallbacks[0]])
    #expect(origins(bench.lose()) == [nil])
  }
}
