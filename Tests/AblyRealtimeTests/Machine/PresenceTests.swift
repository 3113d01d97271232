internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct PresenceTests {
  @Test("RTP11c1: get does not wait for ever for a SYNC that does not come, but as long as members come")
  func noSync() throws {
    var bench = try MachineBench.attached()
    bench.receive(.attached, channel: "news") { $0.flags = [.hasPresence] }
    let first = bench.channel("news") { .members(waitForSync: true, $0) }
    bench.advance(.seconds(9))
    let second = bench.channel("news") { .members(waitForSync: true, $0) }
    bench.receive(.sync, channel: "news") {
      $0.channelSerial = "a:more"
      $0.presence = [PresenceMessage(action: .present, clientId: "x")]
    }
    bench.advance(.milliseconds(9999))
    #expect(bench.log.outcome(first) == nil && bench.log.outcome(second) == nil)
    bench.advance(.milliseconds(1))
    #expect([first, second].map { bench.log.error($0)?.code } == [.timeout, .timeout])
    let third = bench.channel("news") { .members(waitForSync: true, $0) }
    bench.receive(.sync, channel: "news") { $0.channelSerial = "a:" }
    #expect(bench.log.members(third) == ["x"] && bench.machine.deadlines.next == nil)
  }

  private static func listing(
    _ cursor: String, _ data: MessageData?, _ clientIds: String...
  ) -> (inout ProtocolMessage) -> Void {
    { frame in
      frame.channelSerial = cursor
      frame.presence = clientIds.map { PresenceMessage(action: .present, clientId: $0, data: data) }
    }
  }

  @Test("RTP2, RTP11: of more members than memory should hold get tells instead of leaving some out")
  func tooMany() throws {
    var bench = try MachineBench.attached()
    bench.receive(.attached, channel: "news") { $0.flags = [.hasPresence] }
    let waits = bench.channel("news") { .members(waitForSync: true, $0) }
    let half = MessageData.string(String(repeating: "x", count: MemberSet.maximumBytes / 2))
    let effects = bench.receive(.sync, channel: "news", Self.listing("a:more", half, "x", "y"))
    #expect(effects.presence("news").map(\.clientId) == ["x", "y"])
    #expect(effects.error(waits)?.code == .tooManyPresenceMembers)
    #expect(effects.warnings.map(\.code) == [.tooManyPresenceMembers])
    bench.receive(.sync, channel: "news", Self.listing("a:", nil))
    #expect(bench.machine.channels["news"]?.isSynced == false && bench.machine.deadlines.next == nil)
    let late = bench.channel("news") { .members(waitForSync: true, $0) }
    #expect(bench.log.error(late)?.code == .tooManyPresenceMembers)
    let hasty = bench.channel("news") { .members(waitForSync: false, $0) }
    #expect(bench.log.members(hasty) == ["x"])
    let left = bench.receive(.presence, channel: "news") {
      $0.presence = [PresenceMessage(action: .leave, clientId: "y")]
    }
    #expect(left.presence("news").map(\.clientId) == ["y"] && left.warnings.isEmpty)
    bench.receive(.sync, channel: "news", Self.listing("b:", nil, "x"))
    let again = bench.channel("news") { .members(waitForSync: true, $0) }
    #expect(bench.log.members(again) == ["x"] && bench.machine.channels["news"]?.isSynced == true)
  }

  @Test("RTP16b: no more presence waits for its channel than memory should hold")
  func waitsWithinBounds() throws {
    var bench = try MachineBench.connected {
      $0.maxMessageSize = .max
      $0.maxFrameSize = .max
    }
    bench.clientId = "*"
    let large = MessageData.string(String(repeating: "x", count: OutboundLoad.maximumBytes - 8))
    let enter = { (data: MessageData?) in
      PresenceMessage(action: .enter, clientId: "somebody", data: data)
    }
    let fits = bench.channel("news") { .presence(enter(large), $0) }
    #expect(bench.log.outcome(fits) == nil)
    for channel in ["news", "other"] {
      let refused = bench.channel(channel) { .presence(enter(nil), $0) }
      #expect(bench.log.error(refused)?.code == .connectionPublishRateExceeded)
    }
    let message = bench.channel("news") { .publish([Message(data: "12345678")], params: [:], $0) }
    #expect(bench.log.error(message)?.code == .connectionPublishRateExceeded)
    #expect(bench.receive(.attached, channel: "news").sent(.presence).count == 1)
  }

  static func enter(_ clientId: String? = nil, _ data: MessageData? = nil) -> PresenceMessage {
    PresenceMessage(action: .enter, clientId: clientId, data: data)
  }

  static func bench(_ set: (inout ClientOptions) -> Void = { _ in }) throws -> MachineBench {
    try .attached { options in
      options.clientId = "me"
      set(&options)
    }
  }

  @discardableResult
  static func arrive(
    _ bench: inout MachineBench, _ clientId: String, _ serial: Int = 0, connection: String = "one",
    as action: ProtocolAction = .presence, cursor: String? = nil
  ) -> [RealtimeEffect] {
    bench.receive(action, channel: "news") {
      $0.channelSerial = cursor
      $0.connectionId = connection
      $0.id = "\(connection):\(serial)"
      $0.timestamp = 1
      $0.presence = [
        PresenceMessage(action: action == .sync ? .present : .enter, clientId: clientId, data: "d")
      ]
    }
  }

  @Test(
    "RTP8a, RTP8c, RTP9d, RTP10c, RTP14a, RTP15a: entering, updating and leaving are confirmed frames of that action",
    arguments: [PresenceAction.enter, .update, .leave], [nil, "me"])
  func announces(_ action: PresenceAction, _ clientId: String?) throws {
    var bench = try Self.bench()
    let message = PresenceMessage(action: action, clientId: clientId, data: "here")
    let ticket = bench.channel("news") { .presence(message, $0) }
    let sent = try #require(bench.log.sent(.presence).first)
    #expect(sent.presence == [message] && sent.msgSerial == 0 && bench.log.outcome(ticket) == nil)
    bench.receive(.ack) { $0.msgSerial = 0 }
    #expect(bench.log.succeeded(ticket))
  }

  @Test("RTP8h, RTP8i: what the service refuses fails")
  func refused() throws {
    var bench = try Self.bench()
    let ticket = bench.channel("news") { .presence(Self.enter(), $0) }
    bench.receive(.nack, error: .refusal) { $0.msgSerial = 0 }
    #expect(bench.log.error(ticket) == .refusal)
  }

  @Test("RTP8j: nobody enters as themselves who has no identity, or could have any", arguments: [nil, "*"])
  func noIdentity(_ clientId: String?) throws {
    var bench = try MachineBench.attached()
    bench.clientId = clientId
    let ticket = bench.channel("news") { .presence(Self.enter(), $0) }
    #expect(bench.log.error(ticket)?.code == .presenceRequiresClientId && bench.log.sent.isEmpty)
    let behalf = bench.channel("news") { .presence(Self.enter("bob"), $0) }
    #expect(
      bench.log.outcome(behalf) == nil && bench.log.sent(.presence).first?.presence.first?.clientId == "bob")
  }

  @Test("RTP15f: nobody enters as somebody else who has an identity; nothing else suffers")
  func otherIdentity() throws {
    var bench = try Self.bench()
    let ticket = bench.channel("news") { .presence(Self.enter("bob"), $0) }
    #expect(bench.log.error(ticket)?.code == .invalidClientId && bench.log.sent.isEmpty)
    #expect(bench.machine.state == .connected && bench.machine.channels["news"]?.state == .attached)
  }

  @Test("RTP8d, RTP15e, RTP16b, RTP5b: a channel is attached first, and presence is sent once it is")
  func attachesFirst() throws {
    var bench = try MachineBench.connected { $0.clientId = "me" }
    let tickets = (0..<2).map { _ in bench.channel("news") { .presence(Self.enter(), $0) } }
    #expect(bench.log.sent.map(\.action) == [.attach])
    #expect(bench.receive(.attached, channel: "news").sent(.presence).map(\.msgSerial) == [0, 1])
    bench.receive(.ack) {
      $0.msgSerial = 0
      $0.count = 2
    }
    #expect(tickets.allSatisfy { bench.log.succeeded($0) })
  }

  @Test("RTP16b: with queueMessages off it fails instead")
  func noQueue() throws {
    var bench = try MachineBench.connected {
      $0.clientId = "me"
      $0.queueMessages = false
    }
    bench.channel("news") { .attach($0) }
    let ticket = bench.channel("news") { .presence(Self.enter(), $0) }
    #expect(bench.log.error(ticket)?.code == .presenceInWrongChannelState)
  }

  @Test(
    "RTL11, RTP5a, RTP5f: presence that waits for a channel fails with it",
    arguments: [ChannelState.detached, .suspended, .failed])
  func failsWithChannel(_ state: ChannelState) throws {
    var bench = try MachineBench.connected { $0.clientId = "me" }
    let ticket = bench.channel("news") { .presence(Self.enter(), $0) }
    switch state {
    case .failed: bench.receive(.error, channel: "news", error: .refusal)
    case .suspended: bench.receive(.detached, channel: "news", error: .refusal)
    default:
      bench.on(.close)
      bench.receive(.closed)
    }
    #expect(bench.machine.channels["news"]?.state == state && bench.log.error(ticket) != nil)
  }

  @Test(
    "RTP8g, RTP16c: in any other state of the channel it fails",
    arguments: [ChannelState.detaching, .detached, .suspended, .failed])
  func wrongState(_ state: ChannelState) throws {
    var bench = try Self.bench()
    bench.machine.channels["news"]?.state = state
    let ticket = bench.channel("news") { .presence(Self.enter(), $0) }
    #expect(bench.log.error(ticket)?.code == .presenceInWrongChannelState && bench.log.sent.isEmpty)
  }

  @Test("RTP16a: presence on an attached channel waits for the connection")
  func waitsForConnection() throws {
    var bench = try Self.bench()
    bench.lose()
    let ticket = bench.channel("news") { .presence(Self.enter(), $0) }
    bench.authenticate()
    // RTL3d2: and for the channel, which is attached again.
    #expect(bench.confirm(clientId: "me").sent(.presence).isEmpty)
    #expect(bench.receive(.attached, channel: "news").sent(.presence).map(\.msgSerial) == [0])
    bench.receive(.ack) { $0.msgSerial = 0 }
    #expect(bench.log.succeeded(ticket))
  }

  @Test("RTP10a, RTP8e: who leaves without data leaves with what they entered with")
  func leavesWithData() throws {
    var bench = try Self.bench()
    Self.arrive(&bench, "me")
    bench.channel("news") { .presence(PresenceMessage(action: .leave), $0) }
    #expect(bench.log.sent(.presence).first?.presence.first?.data == "d")
  }

  @Test(
    "RTP8a, RTP8e, RTP9a: extras travel, come back at the leave of who says nothing more, and with who enters again"
  )
  func extras() throws {
    var bench = try Self.bench()
    var message = Self.enter()
    message.extras = ["headers": ["a": 1]]
    bench.channel("news") { .presence(message, $0) }
    #expect(bench.log.sent(.presence).first?.presence.first?.extras == message.extras)
    bench.receive(.presence, channel: "news") {
      $0.connectionId = "one"
      $0.id = "one:0"
      $0.timestamp = 1
      message.clientId = "me"
      $0.presence = [message]
    }
    let again = bench.receive(.attached, channel: "news").sent(.presence)
    #expect(again.first?.presence.first?.extras == message.extras)
    bench.log = []
    bench.channel("news") { .presence(PresenceMessage(action: .leave), $0) }
    #expect(bench.log.sent(.presence).first?.presence.first?.extras == message.extras)
  }

  @Test("RTP6, RTP17a: who comes is told with what the frame says of them", arguments: ["me", "bob"])
  func tells(_ clientId: String) throws {
    var bench = try Self.bench()
    let effects = Self.arrive(&bench, clientId, 3)
    let told = try #require(effects.presence("news").first)
    #expect(told.id == "one:3:0" && told.connectionId == "one" && told.timestamp == Milliseconds.date(1))
    #expect(told.action == .enter && told.data == "d")
    let ticket = bench.channel("news") { .members(waitForSync: true, $0) }
    #expect(bench.log.members(ticket) == [clientId])
  }

  @Test("RTP1, RTP13, RTP18, RTP11a, RTP11c1: members are complete at the end of the sync, for whoever waits")
  func syncs() throws {
    var bench = try Self.bench()
    #expect(bench.machine.channels["news"]?.isSynced == true)
    bench.receive(.attached, channel: "news") { $0.flags = [.hasPresence, .presenceSubscribe] }
    #expect(bench.machine.channels["news"]?.isSynced == false)
    Self.arrive(&bench, "a", 0, connection: "x", as: .sync, cursor: "s:1")
    let patient = bench.channel("news") { .members(waitForSync: true, $0) }
    let hasty = bench.channel("news") { .members(waitForSync: false, $0) }
    #expect(bench.log.members(hasty) == ["a"] && bench.log.outcome(patient) == nil)
    Self.arrive(&bench, "b", 0, connection: "y", as: .sync, cursor: "s:")
    #expect(bench.log.members(patient) == ["a", "b"] && bench.machine.channels["news"]?.isSynced == true)
    #expect(bench.log.presence("news").map(\.action) == [.present, .present] && bench.log.warnings.isEmpty)
  }

  @Test("RTP19a: an attachment without presence means that everybody left")
  func everybodyLeft() throws {
    var bench = try Self.bench()
    for name in ["a", "b"] { Self.arrive(&bench, name, connection: "x") }
    let effects = bench.receive(.attached, channel: "news")
    #expect(effects.presence("news").map(\.action) == [.leave, .leave])
    #expect(effects.presence("news").compactMap(\.clientId).sorted() == ["a", "b"])
    #expect(effects.presence("news").allSatisfy { $0.id == nil })
  }

  @Test(
    "RTP5a, RTP5f: a channel that is detached forgets its members and tells nobody; a suspended one keeps them"
  )
  func forgets() throws {
    var bench = try Self.bench()
    Self.arrive(&bench, "a", connection: "x")
    bench.receive(.detached, channel: "news")
    let effects = bench.receive(.detached, channel: "news")
    let kept = bench.channel("news") { .members(waitForSync: false, $0) }
    #expect(effects.presence("news").isEmpty && bench.log.members(kept) == ["a"])
    let strict = bench.channel("news") { .members(waitForSync: true, $0) }
    #expect(bench.log.error(strict)?.code == .presenceOutOfSync)
    bench.advance(.seconds(15))
    bench.receive(.attached, channel: "news") { $0.flags = .hasPresence }
    let synced = Self.arrive(&bench, "a", connection: "x", as: .sync, cursor: "s:")
    #expect(synced.presence("news").isEmpty)
    bench.channel("news") { .detach($0) }
    #expect(bench.receive(.detached, channel: "news").presence("news").isEmpty)
    #expect(bench.machine.channels["news"]?.presence.present.isEmpty == true)
  }

  @Test("RTP11e, RTL33: asking for members attaches the channel, and fails with it")
  func membersAttach() throws {
    var bench = try MachineBench.connected()
    let ticket = bench.channel("news") { .members(waitForSync: true, $0) }
    #expect(bench.log.sent.map(\.action) == [.attach])
    bench.receive(.attached, channel: "news")
    #expect(bench.log.members(ticket) == [])
    let other = bench.channel("other") { .members(waitForSync: false, $0) }
    bench.receive(.error, channel: "other", error: .refusal)
    #expect(bench.log.error(other) == .refusal)
    let failed = bench.channel("other") { .members(waitForSync: true, $0) }
    #expect(bench.log.error(failed)?.code == .invalidChannelState)
  }

  @Test("RTL33b: while the channel is being detached, members are looked for after that")
  func membersWhileDetaching() throws {
    var bench = try Self.bench()
    bench.channel("news") { .detach($0) }
    let ticket = bench.channel("news") { .members(waitForSync: true, $0) }
    #expect(bench.receive(.detached, channel: "news").sent(.attach).count == 1)
    bench.receive(.attached, channel: "news")
    #expect(bench.log.members(ticket) == [])
  }

  @Test("RTP11f2: without the mode presence_subscribe members cannot be known, which is told")
  func noMode() throws {
    var bench = try Self.bench()
    bench.receive(.attached, channel: "news") { $0.flags = .publish }
    bench.channel("news") { .members(waitForSync: true, $0) }
    #expect(bench.log.warnings.map(\.code) == [.presenceSubscribeModeNotEnabled])
  }

  @Test("RTP17i, RTP17g, RTP17g1: members of this connection enter again with each new attachment")
  func reenters() throws {
    var bench = try Self.bench()
    for name in ["me", "other"] { Self.arrive(&bench, name) }
    Self.arrive(&bench, "stranger", connection: "x")
    #expect(bench.receive(.attached, channel: "news") { $0.flags = .resumed }.sent.isEmpty)
    bench.lose()
    bench.authenticate()
    bench.confirm(clientId: "me")
    let same = bench.receive(.attached, channel: "news") { $0.flags = .resumed }.sent(.presence).flatMap(
      \.presence)
    #expect(same.map(\.clientId) == ["me", "other"] && same.map(\.action) == [.enter, .enter])
    #expect(same.map(\.id) == ["one:0:0", "one:0:0"] && same.map(\.data) == ["d", "d"])
    bench.advance(.seconds(2))
    bench.lose()
    bench.authenticate()
    #expect(bench.confirm(id: "two", clientId: "me").sent(.presence).isEmpty)
    let fresh = bench.receive(.attached, channel: "news").sent(.presence).flatMap(\.presence)
    #expect(fresh.map(\.clientId) == ["me", "other"] && fresh.map(\.id) == [nil, nil])
  }

  @Test("RTP17g1, RTN15c7: to a connection that the service does not name nobody enters by the id of another")
  func unnamedConnection() throws {
    var bench = try Self.bench()
    Self.arrive(&bench, "me")
    bench.lose()
    bench.authenticate()
    bench.receive(.connected)
    #expect(bench.machine.id == nil && bench.machine.key == nil && bench.machine.recoveryKey == nil)
    let entered = bench.receive(.attached, channel: "news").sent(.presence).flatMap(\.presence)
    #expect(entered.map(\.clientId) == ["me"] && entered.map(\.id) == [nil])
    bench.advance(.seconds(20))
    bench.lose()
    #expect(bench.authenticate().opened.map(\.resume) == [nil])
  }

  @Test("CD2d, RTP8: presence that no frame could hold is refused")
  func unfitForFrame() throws {
    var bench = try MachineBench.attached {
      $0.maxFrameSize = 20
      $0.clientId = "me"
    }
    let ticket = bench.channel("news") {
      .presence(Self.enter(nil, .string(String(repeating: "x", count: 20))), $0)
    }
    #expect(bench.log.error(ticket)?.code == .maxMessageSizeExceeded && bench.log.sent.isEmpty)
  }

  @Test("RTP17e: one that cannot enter again is told as an UPDATE with 91004")
  func reentryFails() throws {
    var bench = try Self.bench()
    Self.arrive(&bench, "me")
    let sent = try #require(bench.receive(.attached, channel: "news").sent(.presence).first)
    let effects = bench.receive(.nack, error: .refusal) { $0.msgSerial = sent.msgSerial }
    let change = try #require(effects.channelChanges("news").first)
    #expect(change.event == .update && change.resumed && change.reason?.code == .presenceReentryFailed)
    #expect(change.reason?.cause == .refusal && change.reason?.message.contains("me") == true)
    #expect(effects.warnings.map(\.code) == [.presenceReentryFailed])
  }

  @Test("RTP5a, RTP17: a channel that was left enters nobody when it is attached again")
  func noReentry() throws {
    var bench = try Self.bench()
    Self.arrive(&bench, "me")
    bench.channel("news") { .detach($0) }
    bench.receive(.detached, channel: "news")
    bench.channel("news") { .attach($0) }
    #expect(bench.receive(.attached, channel: "news").sent.isEmpty)
  }
}
