internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ChannelAttachTests {
  @Test("RTL4c, RTL4d, RTL2d: a channel is ATTACHING when the service is asked, and ATTACHED when it says so")
  func attaches() throws {
    var bench = try MachineBench.connected()
    let ticket = bench.channel("news") { .attach($0) }
    #expect(bench.log.sent(.attach).map(\.channel) == ["news"])
    #expect(bench.log.channelStates("news") == [.attaching] && bench.log.outcome(ticket) == nil)
    let change = try #require(bench.receive(.attached, channel: "news").channelChanges("news").first)
    #expect(change.previous == .attaching && change.current == .attached && !change.resumed)
    #expect(bench.log.succeeded(ticket))
  }

  @Test("RTL4a: an attached channel is asked for nothing")
  func again() throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .attach($0) }
    #expect(bench.log.succeeded(ticket) && bench.log.sent.isEmpty)
  }

  @Test("RTL4h: whoever asks while it is under way waits for the same answer")
  func joins() throws {
    var bench = try MachineBench.connected()
    let tickets = (0..<3).map { _ in bench.channel("news") { .attach($0) } }
    #expect(bench.log.sent(.attach).count == 1)
    bench.receive(.attached, channel: "news")
    #expect(tickets.allSatisfy { bench.log.succeeded($0) })
  }

  @Test("RTL4h, RTL5i: what is asked for while the opposite is under way is done after it, in order")
  func queues() throws {
    var bench = try MachineBench.connected()
    let first = bench.channel("news") { .attach($0) }
    let second = bench.channel("news") { .detach($0) }
    let third = bench.channel("news") { .attach($0) }
    #expect(bench.log.sent.map(\.action) == [.attach])
    bench.receive(.attached, channel: "news")
    #expect(bench.log.succeeded(first) && bench.log.sent.map(\.action) == [.attach, .detach])
    bench.receive(.detached, channel: "news")
    #expect(bench.log.succeeded(second) && bench.log.outcome(third) == nil)
    bench.receive(.attached, channel: "news")
    #expect(bench.log.succeeded(third))
    #expect(
      bench.log.channelStates("news") == [
        .attaching, .attached, .detaching, .detached, .attaching, .attached,
      ])
  }

  @Test("RTL4g, RTL14: a channel that failed forgets why when it is attached again")
  func afterFailure() throws {
    var bench = try MachineBench.attached()
    bench.receive(.error, channel: "news", error: .refusal)
    #expect(bench.machine.channels["news"]?.errorReason == .refusal)
    bench.channel("news") { .attach($0) }
    #expect(bench.machine.channels["news"]?.errorReason == nil)
    bench.receive(.attached, channel: "news")
    #expect(bench.log.channelStates("news") == [.failed, .attaching, .attached])
  }

  @Test(
    "RTL4b: without a connection to come it fails",
    arguments: [ConnectionState.closing, .closed, .suspended, .failed])
  func noConnection(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    let ticket = bench.channel("news") { .attach($0) }
    #expect(bench.log.error(ticket) != nil && bench.log.channelChanges("news").isEmpty)
  }

  @Test(
    "RTL4i, RTL3d: before the connection it is ATTACHING, and asked for with it",
    arguments: [ConnectionState.initialized, .connecting, .disconnected])
  func early(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    let ticket = bench.channel("news") { .attach($0) }
    #expect(bench.log.channelStates("news") == [.attaching] && bench.log.sent.isEmpty)
    bench.on(.connect)
    bench.authenticate()
    #expect(bench.confirm().sent(.attach).count == 1)
    bench.receive(.attached, channel: "news")
    #expect(bench.log.succeeded(ticket))
    #expect(bench.log.channelStates("news") == [.attaching, .attached])
  }

  @Test("RTL4f, RTC7, RTB1: without an answer it is SUSPENDED, and tried again with growing waits")
  func timesOut() throws {
    var bench = try MachineBench.connected {
      $0.realtimeRequestTimeout = .seconds(5)
      $0.channelRetryTimeout = .seconds(3)
    }
    let ticket = bench.channel("news") { .attach($0) }
    #expect(bench.advance(.seconds(5)).channelStates("news") == [.suspended])
    #expect(bench.log.error(ticket)?.code == .channelOperationTimedOut)
    for wait in [3, 4, 5, 6, 6] {
      #expect(bench.advance(.seconds(wait) - .milliseconds(1)).isEmpty)
      #expect(bench.advance(.milliseconds(1)).channelStates("news") == [.attaching])
      #expect(bench.advance(.seconds(5)).channelStates("news") == [.suspended])
    }
    bench.advance(.seconds(6))
    bench.receive(.attached, channel: "news")
    bench.receive(.detached, channel: "news")
    #expect(bench.receive(.detached, channel: "news").channelStates("news") == [.suspended])
    #expect(bench.advance(.seconds(3)).channelStates("news") == [.attaching])
  }

  @Test(
    "RTL15b, RTL17: a message that came while attaching was delivered to nobody, so ATTACH does not name it")
  func undelivered() throws {
    var bench = try MachineBench.connected()
    bench.channel("news") { .attach($0) }
    bench.receive(.attached, channel: "news") { $0.channelSerial = "s1" }
    bench.receive(.detached, channel: "news")
    let effects = bench.receive(.message, channel: "news") {
      $0.channelSerial = "s2"
      $0.messages = [Message(name: "a")]
    }
    #expect(effects.messages("news").isEmpty && bench.machine.channels["news"]?.state == .attaching)
    bench.lose()
    bench.authenticate()
    #expect(bench.confirm().sent(.attach).map(\.channelSerial) == ["s1"])
  }

  @Test("RTL4c1, RTL15b: ATTACH names how far the channel got, as each frame of it says")
  func serial() throws {
    var bench = try MachineBench.attached()
    for action in [ProtocolAction.message, .presence, .annotation, .object, .attached] {
      let serial = "s\(action.rawValue)"
      bench.receive(action, channel: "news") { $0.channelSerial = serial }
      #expect(bench.machine.channels["news"]?.channelSerial == serial)
    }
    bench.receive(.message, channel: "news")
    bench.receive(.sync, channel: "news") { $0.channelSerial = "cursor:" }
    #expect(bench.machine.channels["news"]?.channelSerial == "s11")
    bench.lose()
    bench.authenticate()
    #expect(bench.confirm().sent(.attach).map(\.channelSerial) == ["s11"])
  }

  @Test(
    "RTL15b2: a channel that is detached or failed forgets it, a suspended one does not", arguments: 0...2)
  func forgetsSerial(_ way: Int) throws {
    var bench = try MachineBench.attached()
    bench.receive(.message, channel: "news") { $0.channelSerial = "s" }
    switch way {
    case 0:
      bench.channel("news") { .detach($0) }
      bench.receive(.detached, channel: "news")
    case 1: bench.receive(.error, channel: "news", error: .refusal)
    default:
      bench.receive(.detached, channel: "news")
      bench.receive(.detached, channel: "news")
      #expect(bench.machine.channels["news"]?.state == .suspended)
    }
    #expect(bench.machine.channels["news"]?.channelSerial == (way == 2 ? "s" : nil))
  }

  @Test("RTL15c: attachSerial is that of the latest attachment that went on from nothing")
  func attachSerial() throws {
    var bench = try MachineBench.attached()
    #expect(bench.machine.channels["news"]?.attachSerial == nil)
    bench.receive(.attached, channel: "news") { $0.channelSerial = "a" }
    #expect(bench.machine.channels["news"]?.attachSerial == "a")
    bench.receive(.attached, channel: "news") {
      $0.channelSerial = "b"
      $0.flags = .resumed
    }
    #expect(bench.machine.channels["news"]?.attachSerial == "a")
  }

  @Test("RTL2f, RTL2i, RTL12: ATTACHED on an attached channel is an UPDATE, unless it was resumed")
  func additional() throws {
    var bench = try MachineBench.attached()
    let change = try #require(
      bench.receive(.attached, channel: "news", error: .broken) { $0.flags = .hasBacklog }
        .channelChanges("news").first)
    #expect(change.event == .update && change.previous == .attached && change.current == .attached)
    #expect(change.reason == .broken && !change.resumed && change.hasBacklog)
    #expect(bench.receive(.attached, channel: "news") { $0.flags = .resumed }.channelChanges("news").isEmpty)
  }

  @Test("RTL4k, RTL4l, RTL4k1, RTL4m: params and modes travel, and what the service granted is known")
  func properties() throws {
    var bench = try MachineBench.connected()
    var options = RealtimeChannelOptions()
    options.params = ["rewind": "1"]
    options.modes = [.subscribe, .presence]
    bench.channel("news") { .configure(options, $0) }
    bench.channel("news") { .attach($0) }
    let sent = try #require(bench.log.sent(.attach).first)
    #expect(sent.params == ["rewind": "1"] && sent.flags == [.messageSubscribe, .presence])
    bench.receive(.attached, channel: "news") {
      $0.params = ["rewind": "1"]
      $0.flags = [.messageSubscribe, .hasBacklog, .resumed]
    }
    #expect(bench.machine.channels["news"]?.params == ["rewind": "1"])
    #expect(bench.machine.channels["news"]?.modes == [.subscribe])
    bench.receive(.attached, channel: "news")
    #expect(bench.machine.channels["news"]?.params == [:] && bench.machine.channels["news"]?.modes == [])
  }

  @Test("RTL16a: new params or modes are asked for at once, and messages flow meanwhile")
  func configures() throws {
    var bench = try MachineBench.attached()
    var options = RealtimeChannelOptions()
    let plain = bench.channel("news") { .configure(options, $0) }
    #expect(bench.log.succeeded(plain) && bench.log.sent.isEmpty)
    options.params = ["delta": "vcdiff"]
    let ticket = bench.channel("news") { .configure(options, $0) }
    #expect(bench.log.sent(.attach).map(\.params) == [["delta": "vcdiff"]])
    #expect(bench.log.outcome(ticket) == nil && bench.machine.channels["news"]?.state == .attached)
    bench.receive(.attached, channel: "news") { $0.flags = .resumed }
    #expect(bench.log.succeeded(ticket))
    let late = bench.channel("news") { .configure(options, $0) }
    bench.receive(.error, channel: "news", error: .refusal)
    #expect(bench.log.error(late) == .refusal)
  }

  @Test("RTL16a: options that take back params or modes are asked for at once as well")
  func takesBack() throws {
    var bench = try MachineBench.attached()
    var options = RealtimeChannelOptions()
    options.params = ["rewind": "1"]
    options.modes = [.subscribe]
    bench.channel("news") { .configure(options, $0) }
    bench.receive(.attached, channel: "news") { $0.flags = .resumed }
    let ticket = bench.channel("news") { .configure(RealtimeChannelOptions(), $0) }
    #expect(bench.log.sent(.attach).map(\.params) == [["rewind": "1"], [:]])
    #expect(bench.log.sent(.attach).map(\.flags) == [.messageSubscribe, []])
    #expect(bench.log.outcome(ticket) == nil)
    bench.receive(.attached, channel: "news") { $0.flags = .resumed }
    #expect(bench.log.succeeded(ticket))
    let again = bench.channel("news") { .configure(RealtimeChannelOptions(), $0) }
    #expect(bench.log.succeeded(again) && bench.log.sent(.attach).count == 2)
  }

  @Test("RTL7g, RTL7h, RTP6d: whoever listens attaches the channel, unless the options say otherwise")
  func listens() throws {
    var bench = try MachineBench.connected()
    bench.on(.channel("news", .listen(toMessages: true)))
    bench.on(.channel("news", .listen(toMessages: true)))
    #expect(bench.log.sent(.attach).count == 1)
    bench.receive(.attached, channel: "news")
    bench.channel("news") { .detach($0) }
    bench.on(.channel("news", .listen(toMessages: true)))
    bench.on(.channel("news", .listen(toMessages: true)))
    #expect(bench.receive(.detached, channel: "news").sent(.attach).count == 1)

    var options = RealtimeChannelOptions()
    options.attachOnSubscribe = false
    bench.channel("quiet") { .configure(options, $0) }
    #expect(bench.on(.channel("quiet", .listen(toMessages: true))).isEmpty)
  }

  @Test("RTL7i2, RTL7i3: whoever listens without the mode subscribe is warned, once for each attachment")
  func noSubscribeMode() throws {
    var bench = try MachineBench.connected()
    bench.on(.channel("news", .listen(toMessages: true)))
    #expect(bench.log.warnings.isEmpty)
    bench.receive(.attached, channel: "news") { $0.flags = .publish }
    bench.on(.channel("news", .listen(toMessages: true)))
    #expect(bench.log.warnings.map(\.code) == [.subscribeModeNotEnabled])
    bench.receive(.attached, channel: "news") { $0.flags = .messageSubscribe }
    #expect(bench.log.warnings.count == 1)
    bench.receive(.attached, channel: "news") { $0.flags = .publish }
    #expect(bench.log.warnings.count == 2)
    bench.on(.channel("quiet", .listen(toMessages: false)))
    bench.receive(.attached, channel: "quiet") { $0.flags = .publish }
    #expect(bench.log.warnings.count == 2)
  }
}
