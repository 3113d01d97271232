internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct MachineAuthorizeTests {
  /// `authorize` finds a token.
  @discardableResult
  static func authorize(_ bench: inout MachineBench) -> (ticket: Ticket, credentials: Credentials) {
    let ticket = bench.ticket()
    bench.on(.authorizing(1))
    let credentials = bench.token()
    bench.on(.authorized(credentials, ticket, of: 1))
    return (ticket, credentials)
  }

  @Test(
    "RTC8a, RTC8a1, RTC8a3: on a connection the token is sent, and authorize ends with the service's answer")
  func swaps() throws {
    var bench = try MachineBench.connected()
    bench.log = []
    let (ticket, _) = Self.authorize(&bench)
    #expect(bench.log.sent(.auth).map(\.accessToken?.text) == ["token-2"])
    #expect(bench.log.outcome(ticket) == nil && bench.log.states.isEmpty)
    let effects = bench.confirm(id: "two", key: "key-two")
    #expect(effects.states == [nil] && bench.log.succeeded(ticket))
    #expect(effects.changes.first?.previous == .connected)
    #expect(bench.machine.id == "two" && bench.machine.key == "key-two")
    #expect(bench.machine.deadlines.next == nil)
    bench.lose()
    #expect(bench.machine.credentials?.serial == 2)
  }

  @Test("RTC8a1: a capability that shrinks fails the channels that it no longer covers, and no other")
  func downgrade() throws {
    var bench = try MachineBench.attached("secret")
    bench.channel("open") { .attach($0) }
    bench.receive(.attached, channel: "open")
    Self.authorize(&bench)
    bench.confirm()
    let error = ErrorInfo(.capabilityDenied, "no")
    let effects = bench.receive(.error, channel: "secret", error: error)
    #expect(effects.channelChanges("secret").map(\.reason) == [error] && effects.states.isEmpty)
    #expect(bench.machine.channels["secret"]?.state == .failed)
    #expect(bench.machine.channels["open"]?.state == .attached)
  }

  @Test("RTC8a2, RTC8a3: a token that the service refuses fails the connection and authorize")
  func refused() throws {
    var bench = try MachineBench.connected()
    let (ticket, _) = Self.authorize(&bench)
    let error = ErrorInfo(.invalidClientId, "incompatible")
    #expect(bench.receive(.error, error: error).states == [.failed])
    #expect(bench.log.error(ticket) == error && bench.machine.errorReason == error)
  }

  @Test("RTC8a2: it makes no difference when the answer comes before the caller does")
  func refusedEarly() throws {
    var bench = try MachineBench.connected()
    bench.on(.authorizing(1))
    let credentials = bench.token()
    bench.on(.renewed(credentials))
    bench.receive(.error, error: .refusal)
    let ticket = bench.ticket()
    #expect(bench.on(.authorized(credentials, ticket, of: 1)).states.isEmpty)
    #expect(bench.log.error(ticket) == .refusal && bench.machine.state == .failed)
  }

  @Test("RTC8a3: a call that comes after the answer ends at once")
  func confirmedEarly() throws {
    var bench = try MachineBench.connected()
    bench.on(.authorizing(1))
    let credentials = bench.token()
    bench.on(.renewed(credentials))
    bench.confirm()
    let ticket = bench.ticket()
    bench.on(.authorized(credentials, ticket, of: 1))
    #expect(bench.log.succeeded(ticket) && bench.log.sent(.auth).count == 1)
  }

  @Test("RTC8a3: without an answer the connection is made anew with the token, and authorize ends with that")
  func unanswered() throws {
    var bench = try MachineBench.connected()
    let (ticket, credentials) = Self.authorize(&bench)
    #expect(bench.advance(.seconds(10)).states == [.disconnected, .connecting])
    #expect(bench.log.outcome(ticket) == nil)
    #expect(bench.authenticate(credentials).opened.first?.credentials.serial == 2)
    bench.confirm()
    #expect(bench.log.succeeded(ticket))
  }

  @Test("RTC8b, RTC8b1: while connecting the attempt is halted, and another one made with the token")
  func halts() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    let old = bench.machine.lastNumber
    #expect(bench.on(.authorizing(1)).drops == 1)
    #expect(bench.on(.frame(old, ProtocolMessage(.connected))).isEmpty)
    let ticket = bench.ticket()
    let effects = bench.on(.authorized(bench.token(), ticket, of: 1))
    #expect(effects.opened.map(\.credentials.serial) == [2] && effects.states.isEmpty)
    #expect(bench.log.outcome(ticket) == nil)
    #expect(bench.confirm().states == [.connected] && bench.log.succeeded(ticket))
  }

  @Test(
    "RTC8b1: authorize fails when the attempt ends in FAILED, SUSPENDED or CLOSED",
    arguments: [ConnectionState.failed, .suspended, .closed])
  func haltedForGood(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.on(.connect)
    let (ticket, credentials) = Self.authorize(&bench)
    switch state {
    case .failed: bench.receive(.error, error: .refusal)
    case .closed:
      bench.on(.close)
      bench.lose()
    default:
      bench.lose()
      #expect(bench.machine.state == .disconnected && bench.log.outcome(ticket) == nil)
      while bench.machine.state != .suspended {
        if case .authenticating = bench.machine.link { bench.authenticate(credentials) }
        bench.lose()
        bench.advance(.seconds(1))
      }
    }
    #expect(bench.machine.state == state && bench.log.error(ticket) != nil)
  }

  @Test("RTC8b: a call that is given up lets the attempt go on")
  func givenUp() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    bench.on(.authorizing(1))
    #expect(bench.on(.notAuthorized(ErrorInfo(.operationCanceled, "cancelled"), of: 1)).asked == 1)
    #expect(bench.machine.state == .connecting)
  }

  @Test(
    "RTC8c, RTC8b1: in any other state a connection is made with the token",
    arguments: [ConnectionState.initialized, .disconnected, .suspended, .failed, .closed, .closing])
  func connects(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    let (ticket, credentials) = Self.authorize(&bench)
    #expect(bench.machine.state == .connecting)
    #expect(bench.log.opened.map(\.credentials.serial) == [credentials.serial])
    #expect(bench.log.outcome(ticket) == nil)
    #expect(bench.confirm(id: "new").states == [.connected] && bench.log.succeeded(ticket))
  }

  @Test(
    "RTC8c, RTN11d: after the end it begins anew, as connect() does: channels, errors, ids and numbers",
    arguments: [ConnectionState.closed, .failed])
  func beginsAnew(_ state: ConnectionState) throws {
    var bench = try MachineBench.attached()
    bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    if state == .closed { bench.on(.close) }
    if state == .closed { bench.receive(.closed) } else { bench.receive(.error, error: .refusal) }
    #expect(bench.machine.state == state)
    bench.log = []
    let (ticket, _) = Self.authorize(&bench)
    #expect(bench.log.channelStates("news") == [.initialized])
    #expect(bench.machine.errorReason == nil && bench.machine.channels["news"]?.errorReason == nil)
    #expect(bench.log.opened.map { $0.resume } == [nil])
    bench.confirm(id: "two")
    #expect(bench.log.succeeded(ticket))
    bench.channel("news") { .publish([Message(name: "b")], params: [:], $0) }
    #expect(bench.log.sent(.message).last?.msgSerial == 0)
  }

  @Test("RTC8c: a connection that is closed meanwhile is not opened again")
  func closedMeanwhile() throws {
    var bench = try MachineBench.connected()
    bench.on(.authorizing(1))
    bench.on(.close)
    bench.receive(.closed)
    let ticket = bench.ticket()
    bench.on(.authorized(bench.token(), ticket, of: 1))
    #expect(bench.machine.state == .closed && bench.log.error(ticket)?.code == .connectionClosed)
    Self.authorize(&bench)
    #expect(bench.machine.state == .connecting)
  }

  @Test(
    "RTC8c: a call that comes after close opens the connection, whichever of the calls has its token first")
  func closedBetween() throws {
    var bench = try MachineBench.connected()
    bench.on(.authorizing(1))
    bench.on(.close)
    bench.on(.authorizing(2))
    bench.receive(.closed)
    let credentials = bench.token()
    let (before, after) = (bench.ticket(), bench.ticket())
    bench.on(.authorized(credentials, after, of: 2))
    #expect(bench.machine.state == .connecting && bench.log.outcome(after) == nil)
    bench.on(.authorized(credentials, before, of: 1))
    bench.confirm(id: "two")
    #expect(bench.log.succeeded(after) && bench.machine.state == .connected)

    bench = try .connected()
    bench.on(.authorizing(1))
    bench.on(.close)
    bench.on(.authorizing(2))
    bench.receive(.closed)
    let overtaken = bench.ticket()
    bench.on(.authorized(bench.token(), overtaken, of: 1))
    #expect(bench.log.error(overtaken)?.code == .connectionClosed && bench.machine.state == .closed)
  }

  @Test(
    "RTC8a, RTC8b, RTC8c: of calls at one time the newest token counts: one that comes late brings back no older",
    arguments: [ConnectionState.initialized, .connecting, .connected, .disconnected, .suspended])
  func late(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    bench.on(.authorizing(1))
    bench.on(.authorizing(2))
    let (older, newer) = (bench.token(), bench.token())
    let (first, second) = (bench.ticket(), bench.ticket())
    bench.on(.authorized(newer, second, of: 2))
    bench.on(.authorized(older, first, of: 1))
    #expect(bench.log.opened.map(\.credentials.serial) == (state == .connected ? [] : [newer.serial]))
    #expect(bench.log.sent(.auth).map(\.accessToken?.text) == (state == .connected ? ["token-3"] : []))
    bench.confirm()
    #expect(bench.log.succeeded(first) && bench.log.succeeded(second))
    #expect(bench.machine.credentials?.serial == newer.serial)
  }

  @Test("RTC8a: once the newer token is confirmed, a call with an older one is done, and sends nothing")
  func tooLate() throws {
    var bench = try MachineBench.connected()
    bench.on(.authorizing(1))
    bench.on(.authorizing(2))
    let (older, newer) = (bench.token(), bench.token())
    bench.on(.authorized(newer, bench.ticket(), of: 2))
    bench.confirm()
    let ticket = bench.ticket()
    #expect(bench.on(.authorized(older, ticket, of: 1)).sent(.auth).isEmpty)
    #expect(bench.log.succeeded(ticket) && bench.machine.credentials?.serial == newer.serial)
  }

  @Test(
    "RTC8a: a token that a request renewed goes before one that comes later and is older",
    arguments: [ConnectionState.connecting, .disconnected, .suspended, .closed])
  func renewedBefore(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    bench.on(.authorizing(1))
    let (older, newer) = (bench.token(), bench.token())
    bench.on(.renewed(newer))
    let ticket = bench.ticket()
    bench.on(.authorized(older, ticket, of: 1))
    // What `Auth` has by now.
    bench.authenticate(newer)
    #expect(bench.log.opened.map(\.credentials.serial) == [newer.serial])
    bench.confirm()
    #expect(bench.log.succeeded(ticket))
  }

  @Test("RTN2e: credentials that were looked up before a renewal are not used after it")
  func renewedWhileAuthenticating() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    let (older, newer) = (bench.token(), bench.token())
    #expect(bench.on(.renewed(newer)).isEmpty)
    #expect(bench.authenticate(older).opened.map(\.credentials.serial) == [newer.serial])
    #expect(bench.confirm().sent(.auth).isEmpty)
  }

  @Test("RTN22: the service asks for another token, which is obtained once and sent; the state stays")
  func serviceAsks() throws {
    var bench = try MachineBench.connected()
    bench.log = []
    for _ in 0..<100 { bench.receive(.auth) }
    let asked = bench.log.count { if case .reauthenticate = $0 { true } else { false } }
    #expect(asked == 1)
    let token = bench.token()
    #expect(bench.on(.renewed(token)).sent(.auth).map(\.accessToken?.text) == ["token-2"])
    bench.confirm()
    #expect(bench.log.states == [nil] && bench.machine.state == .connected)
    bench.advance(.seconds(1))
    #expect(!bench.receive(.auth).isEmpty)
  }

  @Test("RTN22: the next socket may ask again, although the first request came to nothing")
  func serviceAsksAgain() throws {
    var bench = try MachineBench.connected()
    bench.receive(.auth)
    bench.lose()
    bench.authenticate()
    bench.confirm()
    let effects = bench.receive(.auth)
    guard case .reauthenticate(let refused)? = effects.first else {
      Issue.record("not asked again")
      return
    }
    #expect(refused.serial == 2)
  }

  @Test("RTC8a: a token that a request renewed is used by the connection too, and an older one is not")
  func renewed() throws {
    var bench = try MachineBench.connected()
    let older = bench.token()
    let newer = bench.token()
    #expect(bench.on(.renewed(newer)).sent(.auth).count == 1)
    #expect(bench.on(.renewed(newer)).isEmpty && bench.on(.renewed(older)).isEmpty)
    bench.confirm()
    #expect(bench.on(.renewed(older)).isEmpty)
  }

  @Test("RTC8a: a token that was renewed while a socket was opened with the one before is sent on it")
  func renewedWhileOpening() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    let newer = bench.token()
    #expect(bench.on(.renewed(newer)).isEmpty)
    #expect(bench.confirm().sent(.auth).map(\.accessToken?.text) == ["token-2"])
  }

  @Test(
    "RSA4c1, RSA4c2: no token while connecting is DISCONNECTED, with 80019, its cause, and another attempt")
  func noToken() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    let effects = bench.on(.notAuthenticated(bench.machine.lastNumber, .broken))
    #expect(effects.states == [.disconnected] && effects.changes.first?.retryIn == .seconds(15))
    let reason = try #require(effects.changes.first?.reason)
    #expect(reason.code == .tokenRequestFailed && reason.statusCode == 401 && reason.cause == .broken)
    #expect(bench.machine.errorReason == reason)
    #expect(bench.advance(.seconds(15)).asked == 1)
  }

  @Test(
    "RSA4c3: no token while connected leaves the connection as it is, and errorReason says so",
    arguments: [false, true])
  func noTokenWhileConnected(_ isAuthorize: Bool) throws {
    var bench = try MachineBench.connected()
    bench.receive(.auth)
    if isAuthorize { bench.on(.authorizing(1)) }
    let effects = bench.on(isAuthorize ? .notAuthorized(.broken, of: 1) : .notRenewed(.broken))
    #expect(effects.isEmpty && bench.machine.state == .connected)
    #expect(bench.machine.errorReason?.code == .tokenRequestFailed)
    #expect(bench.machine.errorReason?.cause == .broken)
    bench.advance(.seconds(15))
    #expect(!bench.receive(.auth).isEmpty)
  }

  @Test(
    "RSA4d: a token source that answers 403 fails the connection, with 80019 and status 403",
    arguments: [ConnectionState.initialized, .connecting, .connected, .disconnected, .suspended])
  func forbidden(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    bench.on(.authorizing(1))
    let effects = bench.on(.notAuthorized(.forbidden, of: 1))
    let reason = try #require(effects.changes.first?.reason)
    #expect(effects.states == [.failed] && reason == bench.machine.errorReason)
    #expect(reason.code == .tokenRequestFailed && reason.statusCode == 403 && reason.cause == .forbidden)
  }

  @Test("RSA4d: so it does in the course of connecting, and when the service asked")
  func forbiddenOtherwise() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    #expect(bench.on(.notAuthenticated(bench.machine.lastNumber, .forbidden)).states == [.failed])
    bench = try .connected()
    bench.receive(.auth)
    #expect(bench.on(.notRenewed(.forbidden)).states == [.failed])
  }

  @Test("RSA4c2, RTN14b: 40171 of a token source's own is a failure like any other, and tried again")
  func noMeansElsewhere() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    let error = ErrorInfo(.noMeansToRenew, "not today", statusCode: 401)
    #expect(bench.on(.notAuthenticated(bench.machine.lastNumber, error)).states == [.disconnected])
    #expect(bench.machine.errorReason?.code == .tokenRequestFailed)
    #expect(bench.machine.errorReason?.cause == error)
    #expect(bench.advance(.seconds(15)).asked == 1)
  }

  @Test("RSA4a2: without means to renew a connection that is asked for a token goes on until its token ends")
  func noMeans() throws {
    var bench = try MachineBench.connected()
    bench.canRenew = false
    bench.receive(.auth)
    bench.on(.notRenewed(.noMeansToRenew(cause: nil)))
    #expect(bench.machine.state == .connected && bench.machine.errorReason?.code == .noMeansToRenew)
  }
}
