internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ConnectionOpeningTests {
  @Test(
    "RTN4b, RTN3: a connection goes through CONNECTING to CONNECTED, and credentials come before a socket")
  func opens() throws {
    var bench = try MachineBench()
    #expect(bench.on(.connect).states == [.connecting])
    #expect(bench.log.asked == 1 && bench.log.opened.isEmpty)
    let opening = try #require(bench.authenticate().opened.first)
    #expect(opening.credentials.secret.text == "token-1")
    #expect(opening.resume == nil && opening.recover == nil)
    #expect(bench.confirm().states == [.connected])
    #expect(bench.on(.connect).isEmpty)
  }

  @Test("RTN8a, RTN9a: id and key are unset until connected")
  func identity() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    #expect(bench.machine.id == nil && bench.machine.key == nil)
    bench.confirm(id: "one", key: "key-one")
    #expect(bench.machine.id == "one" && bench.machine.key == "key-one")
  }

  @Test("RTN8d, RTN9d: id and key are gone when closing, closed or failed, and stay when suspended")
  func lostIdentity() throws {
    var bench = try MachineBench.connected()
    bench.on(.close)
    #expect(bench.machine.state == .closing && bench.machine.id == nil && bench.machine.key == nil)
    bench.receive(.closed)
    #expect(bench.machine.state == .closed && bench.machine.id == nil && bench.machine.key == nil)

    bench = try .connected()
    bench.receive(.error, error: .refusal)
    #expect(bench.machine.state == .failed && bench.machine.id == nil && bench.machine.key == nil)

    bench = try .connected()
    bench.machine.suspend(nil)
    #expect(bench.machine.id == "one" && bench.machine.key == "key-one")
  }

  @Test(
    "RTN14a, RTN14g: an ERROR without a channel fails the connection, with its reason",
    arguments: [ErrorInfo.refusal, ErrorInfo(.keyRevoked, "revoked"), ErrorInfo(.internalError, "x")])
  func refused(_ error: ErrorInfo) throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    let effects = bench.receive(.error, error: error)
    #expect(effects.states == [.failed] && effects.drops == 1)
    #expect(effects.changes.first?.reason == error && bench.machine.errorReason == error)
    #expect(bench.machine.id == nil && bench.machine.key == nil)
    #expect(bench.machine.deadlines.next == nil)
  }

  @Test("RTN14b: a token error while opening is followed by one renewal and another attempt")
  func renews() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    let effects = bench.receive(.error, error: .expired)
    guard case .authenticate(_, let refused, let reason)? = effects.last else {
      Issue.record("no renewal")
      return
    }
    #expect(refused?.serial == 1 && reason == .expired)
    #expect(effects.states.isEmpty && effects.drops == 1)
    #expect(bench.authenticate().opened.first?.credentials.secret.text == "token-2")
    bench.confirm()
    #expect(bench.log.states == [.connecting, .connected])
  }

  @Test("RTN14b: a second token error, or no other token, is DISCONNECTED; the next attempt renews again")
  func renewsOnce() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    bench.receive(.error, error: .expired)
    bench.authenticate()
    #expect(bench.receive(.error, error: .expired).states == [.disconnected])
    #expect(bench.machine.errorReason == .expired)
    let effects = bench.advance(.seconds(15))
    #expect(effects.states == [.connecting])
    guard case .authenticate(_, let refused, _)? = effects.last else {
      Issue.record("no renewal")
      return
    }
    #expect(refused?.serial == 2)
    #expect(bench.on(.notAuthenticated(bench.machine.lastNumber, .broken)).states == [.disconnected])
  }

  @Test(
    "RSA4a2, RTN15h1: a token error that nothing can renew fails the connection with 40171",
    arguments: [false, true])
  func noMeans(_ isConnected: Bool) throws {
    var bench = try MachineBench()
    bench.canRenew = false
    bench.on(.connect)
    bench.authenticate()
    if isConnected { bench.confirm() }
    let effects = bench.receive(isConnected ? .disconnected : .error, error: .expired)
    #expect(effects.states == [.failed] && effects.asked == 0)
    #expect(bench.machine.errorReason?.code == .noMeansToRenew)
    #expect(bench.machine.errorReason?.cause == .expired)
  }

  @Test("RTN14c, RTC7: an attempt without CONNECTED ends after realtimeRequestTimeout")
  func timesOut() throws {
    var bench = try MachineBench {
      $0.realtimeRequestTimeout = .seconds(1)
      $0.endpoint = "localhost"
    }
    bench.on(.connect)
    bench.authenticate()
    #expect(bench.advance(.milliseconds(999)).states.isEmpty)
    let effects = bench.advance(.milliseconds(1))
    #expect(effects.states == [.disconnected] && effects.drops == 1)
    #expect(bench.machine.errorReason?.code == .connectionDisconnected)
  }

  @Test("RTC7: what the options do not say lasts as long as the specification says")
  func defaults() throws {
    let settings = try MachineBench().machine.settings
    #expect(settings.requestTimeout == .seconds(10) && settings.channelRetryTimeout == .seconds(15))
    #expect(settings.disconnectedRetryTimeout == .seconds(15))
    #expect(settings.suspendedRetryTimeout == .seconds(30))
    #expect(RealtimeMachine.Details().stateTTL == .seconds(120))
    #expect(ClientOptions().httpOpenTimeout == .seconds(4))
    #expect(ClientOptions().httpRequestTimeout == .seconds(10))
  }

  @Test("RTN14d, RTB1, RTC7: attempts follow each other with growing waits, which retryIn states")
  func retries() throws {
    var bench = try MachineBench {
      $0.disconnectedRetryTimeout = .seconds(3)
      $0.endpoint = "localhost"
    }
    bench.jitter = 0.9
    bench.on(.connect)
    for thirds in [3, 4, 5, 6, 6] {
      bench.authenticate()
      let change = try #require(bench.lose(isHostFailure: true).changes.first)
      let wait = Duration.milliseconds(900 * thirds)
      #expect(change.current == .disconnected && change.reason == .broken && change.retryIn == wait)
      #expect(bench.advance(wait - .milliseconds(1)).isEmpty)
      #expect(bench.advance(.milliseconds(1)).states == [.connecting])
    }
    bench.authenticate()
    bench.confirm()
    #expect(bench.machine.errorReason == nil)
  }

  @Test("RTN14e, RTN14f: after connectionStateTtl the connection is suspended, and tried for ever")
  func suspends() throws {
    var bench = try MachineBench { $0.suspendedRetryTimeout = .seconds(7) }
    bench.bring(to: .disconnected)
    bench.machine.deadlines[.retry] = nil
    #expect(bench.advance(.milliseconds(119_999)).states.isEmpty)
    let change = try #require(bench.advance(.milliseconds(1)).changes.first)
    #expect(change.current == .suspended && change.retryIn == .seconds(7) && change.reason != nil)
    #expect(bench.machine.errorReason == change.reason)
    for _ in 0..<20 {
      #expect(bench.advance(.seconds(7)).states == [.connecting])
      let failed = bench.on(.notAuthenticated(bench.machine.lastNumber, .broken))
      #expect(failed.states == [.suspended])
    }
    bench.advance(.seconds(7))
    bench.authenticate()
    #expect(bench.confirm().states == [.connected])
  }

  @Test("RTN14h: a resume is tried however long ago the connection was lost")
  func resumesForEver() throws {
    var bench = try MachineBench.connected()
    bench.lose()
    while bench.machine.state != .suspended {
      if case .authenticating(let number) = bench.machine.link {
        bench.on(.notAuthenticated(number, .broken))
      }
      bench.advance(.seconds(1))
    }
    bench.advance(.seconds(3600 * 24))
    if case .authenticating = bench.machine.link {} else { bench.on(.connect) }
    #expect(bench.authenticate().opened.first?.resume == "key-one")
  }

  @Test(
    "RTN11c: connect() ends the wait between two attempts",
    arguments: [ConnectionState.disconnected, .suspended])
  func skipsWait(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    #expect(bench.on(.connect).states == [.connecting])
    #expect(bench.machine.deadlines.next == nil)
  }
}
