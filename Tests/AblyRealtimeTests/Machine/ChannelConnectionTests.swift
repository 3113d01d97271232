internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ChannelConnectionTests {
  @Test("RTL3e: a lost connection changes no channel")
  func disconnected() throws {
    var bench = try MachineBench.attached()
    bench.channel("other") { .attach($0) }
    bench.log = []
    bench.lose()
    #expect(bench.log.channelChanges("news").isEmpty && bench.log.channelChanges("other").isEmpty)
  }

  @Test(
    "RTL3a, RTL3b, RTL3c: what the end of a connection makes of channels that are attached or about to be",
    arguments: [
      (ConnectionState.failed, ChannelState.failed), (.closed, .detached), (.suspended, .suspended),
    ])
  func ends(_ connection: ConnectionState, _ channel: ChannelState) throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("other") { .attach($0) }
    bench.channel("idle") { .detach($0) }
    switch connection {
    case .failed: bench.receive(.error, error: .refusal)
    case .closed:
      bench.on(.close)
      bench.receive(.closed)
    default: bench.machine.suspend(.broken)
    }
    let effects = bench.log + bench.on(.due)
    #expect(bench.machine.channels["news"]?.state == channel)
    #expect(bench.machine.channels["other"]?.state == channel)
    #expect(bench.machine.channels["idle"]?.state == .initialized)
    if connection == .failed { #expect(bench.machine.channels["news"]?.errorReason == .refusal) }
    if connection == .closed { #expect(effects.error(ticket) != nil) }
  }

  @Test("RTL3d, RTL3d1: with the connection channels are attached again, before listeners learn of it")
  func connected() throws {
    var bench = try MachineBench.attached()
    bench.channel("later") { .attach($0) }
    bench.receive(.detached, channel: "later")
    bench.lose()
    bench.authenticate()
    let effects = bench.confirm(id: "two")
    #expect(effects.channelStates("news") == [.attaching] && effects.channelStates("later") == [.attaching])
    #expect(effects.sent(.attach).map(\.channel) == ["later", "news"])
    let told = effects.firstIndex { if case .changed = $0 { true } else { false } }
    let attached = effects.lastIndex { if case .channelChanged = $0 { true } else { false } }
    #expect(try #require(attached) < #require(told))
  }

  @Test("RTL13a: a channel that the service detaches is attached again at once, with the reason")
  func detachedByService() throws {
    var bench = try MachineBench.attached()
    let effects = bench.receive(.detached, channel: "news", error: .broken)
    #expect(effects.channelStates("news") == [.attaching] && effects.sent(.attach).count == 1)
    #expect(effects.channelChanges("news").first?.reason == .broken)
    bench.receive(.attached, channel: "news")
    #expect(bench.machine.channels["news"]?.state == .attached)
  }

  @Test("RTL13b, RTB1: while it is being attached that means SUSPENDED, and another attempt later")
  func refusedByService() throws {
    var bench = try MachineBench.connected { $0.channelRetryTimeout = .seconds(4) }
    bench.jitter = 0.8
    let ticket = bench.channel("news") { .attach($0) }
    bench.receive(.detached, channel: "news", error: .broken)
    #expect(bench.log.error(ticket) == .broken && bench.machine.channels["news"]?.state == .suspended)
    #expect(bench.advance(.milliseconds(3199)).isEmpty)
    #expect(bench.advance(.milliseconds(1)).sent(.attach).count == 1)
    #expect(bench.receive(.detached, channel: "news").channelStates("news") == [.suspended])
  }

  @Test("RTL13a: a suspended channel that is detached is attached at once")
  func suspendedDetached() throws {
    var bench = try MachineBench.connected()
    bench.channel("news") { .attach($0) }
    bench.receive(.detached, channel: "news")
    #expect(bench.receive(.detached, channel: "news", error: .broken).sent(.attach).count == 1)
  }

  @Test("RTL13c: without a connection no attempt to attach is made")
  func noAttempts() throws {
    var bench = try MachineBench.connected()
    bench.channel("news") { .attach($0) }
    bench.receive(.detached, channel: "news")
    bench.lose()
    #expect(bench.advance(.seconds(60)).channelStates("news").isEmpty)
    bench.authenticate()
    #expect(bench.confirm().channelStates("news") == [.attaching])
  }

  @Test(
    "RTL14: an ERROR with its name fails a channel, and no other, in any state",
    arguments: ChannelState.allCases)
  func error(_ state: ChannelState) throws {
    var bench = try MachineBench.attached("other")
    bench.channel("news") { .attach($0) }
    bench.machine.channels["news"]?.state = state
    let effects = bench.receive(.error, channel: "news", error: .refusal)
    #expect(effects.channelChanges("news").map(\.current) == (state == .failed ? [] : [.failed]))
    #expect(effects.states.isEmpty && bench.machine.channels["news"]?.errorReason == .refusal)
    #expect(bench.machine.channels["other"]?.state == .attached)
    #expect(bench.advance(.seconds(100)).isEmpty)
  }
}
