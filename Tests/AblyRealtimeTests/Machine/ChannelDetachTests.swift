internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct ChannelDetachTests {
  @Test("RTL5d, RTL5e: a channel is DETACHING when the service is asked, and DETACHED when it says so")
  func detaches() throws {
    var bench = try MachineBench.attached()
    let tickets = (0..<2).map { _ in bench.channel("news") { .detach($0) } }
    #expect(bench.log.sent(.detach).map(\.channel) == ["news"])
    #expect(bench.log.channelStates("news") == [.detaching])
    #expect(bench.receive(.detached, channel: "news").channelStates("news") == [.detached])
    #expect(tickets.allSatisfy { bench.log.succeeded($0) })
    #expect(bench.advance(.seconds(100)).isEmpty)
  }

  @Test("RTL5a: there is nothing to do before it was attached, and after it was detached")
  func nothing() throws {
    var bench = try MachineBench.connected()
    for _ in 0..<2 {
      let ticket = bench.channel("news") { .detach($0) }
      #expect(bench.log.succeeded(ticket) && bench.log.sent.isEmpty)
      bench.machine.channels["news"]?.state = .detached
    }
  }

  @Test("RTL5b: a failed channel cannot be detached")
  func failed() throws {
    var bench = try MachineBench.attached()
    bench.receive(.error, channel: "news", error: .refusal)
    let ticket = bench.channel("news") { .detach($0) }
    #expect(bench.log.error(ticket)?.code == .invalidChannelState)
    #expect(bench.log.error(ticket)?.cause == .refusal)
  }

  @Test("RTL5j: a suspended one is detached at once, and not attached again")
  func suspended() throws {
    var bench = try MachineBench.connected()
    bench.channel("news") { .attach($0) }
    bench.receive(.detached, channel: "news", error: .broken)
    let ticket = bench.channel("news") { .detach($0) }
    #expect(
      bench.log.succeeded(ticket) && bench.log.channelStates("news") == [.attaching, .suspended, .detached])
    #expect(bench.advance(.seconds(100)).isEmpty)
  }

  @Test("RTL5l: without a connection it is detached at once", arguments: [false, true])
  func noConnection(_ isAttached: Bool) throws {
    var bench = try MachineBench.attached()
    bench.lose()
    let name = isAttached ? "news" : "other"
    let attach = bench.channel(name) { .attach($0) }
    let ticket = bench.channel(name) { .detach($0) }
    #expect(bench.log.succeeded(ticket) && bench.machine.channels[name]?.state == .detached)
    #expect(isAttached || bench.log.error(attach) != nil)
    bench.authenticate()
    #expect(bench.confirm().sent(.attach).count == (isAttached ? 0 : 1))
  }

  @Test("RTL5f, RTC7: without an answer it is what it was before")
  func timesOut() throws {
    var bench = try MachineBench.attached { $0.realtimeRequestTimeout = .seconds(5) }
    let ticket = bench.channel("news") { .detach($0) }
    #expect(bench.advance(.seconds(5)).channelStates("news") == [.attached])
    #expect(bench.log.error(ticket)?.code == .channelOperationTimedOut)
  }

  @Test("RTL5f, RTP11, RTL16a: who waited for members or options when a detach failed does not wait for ever")
  func timesOutOthers() throws {
    var bench = try MachineBench.attached()
    bench.receive(.attached, channel: "news") { $0.flags = [.hasPresence] }
    let members = bench.channel("news") { .members(waitForSync: true, $0) }
    var params = RealtimeChannelOptions()
    params.params = ["delta": "vcdiff"]
    let options = bench.channel("news") { .configure(params, $0) }
    let detach = bench.channel("news") { .detach($0) }
    bench.advance(.seconds(10))
    #expect(bench.log.error(detach)?.code == .channelOperationTimedOut)
    #expect(bench.log.outcome(members) == nil && bench.log.outcome(options) == nil)
    bench.advance(.seconds(10))
    #expect(bench.log.error(members)?.code == .timeout)
    #expect(bench.log.error(options)?.code == .channelOperationTimedOut)
  }

  @Test("RTL5f, RTL5k: ATTACHED over and over does not keep detach from its end")
  func attachedOverAndOver() throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .detach($0) }
    for _ in 0..<3 {
      bench.advance(.seconds(3))
      bench.receive(.attached, channel: "news")
    }
    #expect(bench.log.outcome(ticket) == nil && bench.log.sent(.detach).count == 4)
    bench.advance(.seconds(1))
    #expect(bench.log.error(ticket)?.code == .channelOperationTimedOut)
  }

  @Test("RTL5k: an attachment that comes too late is undone")
  func lateAttachment() throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .detach($0) }
    #expect(bench.receive(.attached, channel: "news").sent(.detach).count == 1)
    bench.receive(.detached, channel: "news")
    #expect(bench.log.succeeded(ticket))
    let effects = bench.receive(.attached, channel: "news")
    #expect(effects.sent(.detach).count == 1 && effects.channelStates("news") == [.detaching])
    #expect(bench.advance(.seconds(10)).channelStates("news") == [.detached])
  }

  @Test("RTS4a: a channel is released after it was detached, and is new when it is asked for again")
  func releases() throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .release($0) }
    let late = bench.channel("news") { .attach($0) }
    #expect(bench.log.sent(.detach).count == 1 && bench.log.outcome(ticket) == nil)
    let effects = bench.receive(.detached, channel: "news")
    #expect(bench.log.succeeded(ticket) && bench.log.error(late)?.code == .invalidChannelState)
    guard case .released("news")? = effects.last else {
      Issue.record("not released")
      return
    }
    #expect(bench.machine.channels["news"] == nil && bench.machine.deadlines.next == nil)
    bench.channel("news") { .attach($0) }
    #expect(bench.machine.channels["news"]?.state == .attaching)
  }

  @Test("RTS4a: one that cannot be detached is not released; one that was not attached is at once")
  func releaseFails() throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .release($0) }
    bench.advance(.seconds(10))
    #expect(bench.log.error(ticket) != nil && bench.machine.channels["news"]?.state == .attached)
    let other = bench.channel("other") { .release($0) }
    #expect(bench.log.succeeded(other) && bench.machine.channels["other"] == nil)
  }
}
