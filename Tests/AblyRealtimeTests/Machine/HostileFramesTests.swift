internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite struct HostileFramesTests {
  @Test("RTN21: CONNECTED without details, id or key is a connection all the same; it cannot be resumed")
  func bareConnected() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    #expect(bench.receive(.connected).states == [.connected])
    #expect(bench.machine.id == nil && bench.machine.key == nil && bench.machine.recoveryKey == nil)
    bench.lose()
    #expect(bench.authenticate().opened.first?.resume == nil)
  }

  @Test("RTN21: absurd times neither trap nor end the connection")
  func absurdTimes() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    bench.authenticate()
    bench.confirm(maxIdleInterval: .milliseconds(Int64.max), stateTTL: .milliseconds(Int64.max))
    #expect(bench.advance(.seconds(1_000_000)).isEmpty)
    bench.lose()
    bench.advance(.seconds(1))
    #expect(bench.machine.state == .connecting)
  }

  @Test("RTN15j: one ERROR after another says no more than the first")
  func errors() throws {
    var bench = try MachineBench.attached()
    bench.receive(.error, error: .refusal)
    for _ in 0..<100 {
      #expect(bench.receive(.error, error: .broken).isEmpty)
      #expect(bench.receive(.error, channel: "news", error: .broken).isEmpty)
    }
    #expect(bench.machine.errorReason == .refusal)
  }

  @Test("RTN14g: an ERROR that says nothing has a reason of its own")
  func emptyError() throws {
    var bench = try MachineBench.connected()
    let effects = bench.receive(.error) { $0.channel = "" }
    #expect(effects.states == [.failed] && effects.changes.first?.reason != nil)
  }

  @Test("RTN24: a storm of CONNECTED is a storm of UPDATE, and leaves nothing behind")
  func connectedStorm() throws {
    var bench = try MachineBench.connected()
    bench.log = []
    for number in 0..<1000 { bench.confirm(id: "\(number)", key: "\(number)") }
    #expect(bench.log.states.allSatisfy { $0 == nil } && bench.log.sent.isEmpty)
    #expect(bench.machine.id == "999")
  }

  private static func renewals(_ bench: MachineBench) -> Int {
    bench.log.count { if case .reauthenticate = $0 { true } else { false } }
  }

  @Test("RTN22: AUTH, answered or not, costs one renewal at a time, and one a second")
  func authStorm() throws {
    var bench = try MachineBench.connected()
    bench.log = []
    for turn in 1...10 {
      for _ in 0..<100 { bench.receive(.auth) }
      bench.on(.renewed(bench.token()))
      for _ in 0..<100 { bench.receive(.auth) }
      bench.confirm()
      for _ in 0..<100 { bench.receive(.auth) }
      bench.advance(.milliseconds(999))
      #expect(Self.renewals(bench) == turn)
      bench.advance(.milliseconds(1))
      #expect(Self.renewals(bench) == turn + 1 && bench.log.sent(.auth).count == turn)
    }
  }

  @Test("RTN22, RSA4c3: a source of tokens that fails is asked again after pauses that grow")
  func failingRenewal() throws {
    var bench = try MachineBench.connected()
    bench.log = []
    for (turn, pause) in [15, 20, 25, 30, 30].enumerated() {
      for _ in 0..<100 { bench.receive(.auth) }
      bench.on(.notRenewed(.broken))
      for _ in 0..<100 { bench.receive(.auth) }
      bench.advance(.milliseconds(pause * 1000 - 1))
      #expect(Self.renewals(bench) == turn + 1)
      bench.advance(.milliseconds(1))
      #expect(Self.renewals(bench) == turn + 2)
    }
    #expect(bench.machine.state == .connected)
  }

  @Test("RTP17i: attachments without end have each member enter again once at a time")
  func attachedStorm() throws {
    var bench = try PresenceTests.bench()
    let members = 50
    for number in 0..<members { PresenceTests.arrive(&bench, "\(number)") }
    bench.log = []
    for _ in 0..<300 { bench.receive(.attached, channel: "news") }
    #expect(bench.log.sent(.presence).count == members && bench.machine.outbox.load.count == members)
    bench.receive(.ack) {
      $0.msgSerial = 0
      $0.count = members
    }
    #expect(bench.machine.outbox.load.count == 0)
    #expect(bench.receive(.attached, channel: "news").sent(.presence).count == members)
  }

  @Test("RTL5k, RTL13: a channel that is attached and detached by turns asks once for each turn")
  func channelStorm() throws {
    var bench = try MachineBench.attached()
    for _ in 0..<100 {
      bench.receive(.detached, channel: "news")
      bench.receive(.attached, channel: "news")
    }
    #expect(bench.log.sent(.attach).count == 100 && bench.machine.state == .connected)
  }

  @Test("RTF1: channels that were never asked for take no memory")
  func strangeChannels() throws {
    var bench = try MachineBench.connected()
    for number in 0..<1000 {
      for action in [ProtocolAction.attached, .message, .presence, .sync, .error, .detached] {
        #expect(bench.receive(action, channel: "\(number)", error: .refusal).isEmpty)
      }
    }
    #expect(bench.machine.channels.isEmpty && bench.machine.deadlines.next == nil)
  }

  @Test("RTP18: syncs that never end keep no more than the members they name")
  func endlessSyncs() throws {
    var bench = try MachineBench.attached()
    for number in 0..<1000 {
      bench.receive(.sync, channel: "news") {
        $0.channelSerial = "\(number):more"
        $0.presence = [
          PresenceMessage(action: .present, clientId: "a"), PresenceMessage(action: .leave, clientId: "b"),
        ]
      }
    }
    #expect(bench.machine.channels["news"]?.presence.present.count == 1)
  }

  @Test("RTN15h: frames of a socket that was given up change nothing")
  func oldSocket() throws {
    var bench = try MachineBench.attached()
    let old = bench.machine.lastNumber
    bench.lose()
    for action in -1...22 {
      var message = ProtocolMessage(ProtocolAction(rawValue: action))
      message.error = .refusal
      #expect(bench.on(.frame(old, message)).isEmpty)
    }
    #expect(bench.on(.lost(old, .broken, isHostFailure: true)).isEmpty && bench.on(.activity(old)).isEmpty)
    #expect(bench.machine.state == .connecting)
  }

  @Test(
    "RTN11b, RTN15h: what comes late from an earlier socket changes nothing for the one that took its place",
    arguments: [false, true])
  func earlierSocket(isLive: Bool) throws {
    var bench = try MachineBench.attached()
    let old = bench.machine.lastNumber
    bench.lose()
    bench.authenticate()
    if isLive { bench.confirm(maxIdleInterval: .seconds(15)) }
    let (state, deadline) = (bench.machine.state, bench.machine.deadlines.next)
    #expect(state == (isLive ? .connected : .connecting) && bench.machine.lastNumber > old)
    bench.now += .seconds(1)
    for action in -1...22 {
      for channel in [nil, "news"] {
        var message = ProtocolMessage(ProtocolAction(rawValue: action))
        message.error = .refusal
        message.channel = channel
        message.connectionId = "another"
        #expect(bench.on(.frame(old, message)).isEmpty, "\(action)")
      }
    }
    #expect(bench.on(.activity(old)).isEmpty && bench.on(.lost(old, .broken, isHostFailure: true)).isEmpty)
    #expect(bench.machine.state == state && bench.machine.id == "one")
    #expect(bench.machine.deadlines.next == deadline)
  }

  /// One frame of each kind that a service sends.
  static let frames: [JSONValue] = [
    [
      "action": 4, "connectionId": "one",
      "connectionDetails": [
        "connectionKey": "k", "clientId": "c", "maxIdleInterval": 15_000, "connectionStateTtl": 120_000,
        "maxMessageSize": 65_536, "maxFrameSize": 65_536,
      ],
    ], ["action": 11, "channel": "news", "channelSerial": "s", "flags": 1, "params": ["a": "b"]],
    [
      "action": 15, "channel": "news", "id": "i", "timestamp": 5, "channelSerial": "s",
      "messages": [
        ["name": "a", "data": "b", "encoding": "utf-8/base64", "extras": ["h": 1], "timestamp": 5]
      ],
    ],
    [
      "action": 14, "channel": "news",
      "presence": [["action": 2, "clientId": "x", "connectionId": "one", "id": "one:0:0", "timestamp": 5]],
    ],
    ["action": 16, "channel": "news", "channelSerial": "a:b", "presence": [["action": 1, "clientId": "y"]]],
    ["action": 1, "msgSerial": 0, "count": 1, "res": [["serials": ["s"]]]],
    ["action": 9, "channel": "news", "error": ["code": 40160, "statusCode": 401, "message": "no"]],
    ["action": 6, "error": ["code": 40142, "statusCode": 401, "message": "no"]], ["action": 17],
    ["action": 13, "channel": "news"], ["action": 0, "id": "x"],
  ]

  private static let strange: [JSONValue] = [
    .null, true, -1, 0, "", "x", [], [:], [7], ["a": .null], .number(JSONNumber(Int64.max)),
    .number(JSONNumber(Int64.min)),
  ]

  /// The same with something in it that does not belong there.
  private static func faulty(_ json: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
    let goesOn = Int.random(in: 0..<4, using: &random) > 0
    switch json {
    case .object(var members) where goesOn:
      guard let name = members.keys.sorted().randomElement(using: &random), let value = members[name] else {
        return json
      }
      members[name] = faulty(value, &random)
      return .object(members)
    case .array(var elements) where goesOn:
      guard let index = elements.indices.randomElement(using: &random) else { return json }
      elements[index] = faulty(elements[index], &random)
      return .array(elements)
    default: return strange.randomElement(using: &random) ?? .null
    }
  }

  @Test(
    "RTF1: frames with random faults, in both formats, do no worse than end a connection", arguments: 1...8)
  func faultyFrames(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var bench = try MachineBench.attached()
    var read = 0
    for _ in 0..<1000 {
      let format: WireFormat = Bool.random(using: &random) ? .json : .messagePack
      let frame = Self.frames[Int.random(in: Self.frames.indices, using: &random)]
      var bytes = format.encode(Self.faulty(frame, &random))
      if Int.random(in: 0..<4, using: &random) == 0, let index = bytes.indices.randomElement(using: &random) {
        bytes[index] = UInt8.random(in: 0...255, using: &random)
      }
      guard let json = try? format.decode(bytes, maximumDepth: 128),
        let message = try? ProtocolMessage(json: json, unreadable: { _ in })
      else { continue }
      read += 1
      bench.on(.frame(bench.machine.lastNumber, message))
      bench.log = []
      while bench.machine.state != .connected { Self.revive(&bench) }
    }
    #expect(read > 200)
    let ping = PingTests.ping(&bench, "alive")
    PingTests.answer(&bench, "alive")
    #expect(bench.log.succeeded(ping))
  }

  private static func revive(_ bench: inout MachineBench) {
    switch bench.machine.link {
    case .authenticating: bench.authenticate()
    case .finding(let number): bench.on(.alternatives(number, []))
    case .opening, .live: bench.confirm()
    case .none: bench.on(.connect)
    }
  }
}
