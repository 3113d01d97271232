internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite struct MessageTests {
  @Test("RTL6b: a publish that cannot be written fails, and is not sent again")
  func notWritten() throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .publish([Message(name: "n")], params: [:], $0) }
    let other = bench.channel("news") { .publish([Message(name: "m")], params: [:], $0) }
    let serial = try #require(bench.log.sent(.message).first?.msgSerial)
    bench.on(.notWritten(serial, .refusal))
    #expect(bench.log.error(ticket) == .refusal)
    #expect(bench.log.outcome(other) == nil)
    bench.lose()
    bench.authenticate()
    #expect(bench.confirm().sent(.message).map(\.messages) == [[Message(name: "m")]])
    bench.on(.notWritten(serial, .refusal))
    bench.on(.notWritten(-1, .refusal))
    #expect(bench.log.outcome(other) == nil)
  }

  @Test("RTL6c1, RTL6i, RTL6j, RTN7b: messages of one call are one frame, confirmed by its number")
  func publishes() throws {
    var bench = try MachineBench.attached()
    let tickets = (0..<3).map { number in
      bench.channel("news") {
        .publish([Message(name: "a\(number)"), Message(name: "b")], params: ["x": "y"], $0)
      }
    }
    let sent = bench.log.sent(.message)
    #expect(sent.map(\.msgSerial) == [0, 1, 2] && sent.allSatisfy { $0.messages.count == 2 })
    #expect(sent.allSatisfy { $0.params == ["x": "y"] && $0.channel == "news" })
    bench.receive(.ack) {
      $0.msgSerial = 0
      $0.count = 2
      $0.results = [["s1", nil], ["s2"]]
    }
    let serials = tickets.map { ticket -> [String?]? in
      if case .success(.published(let serials))? = bench.log.outcome(ticket) { serials } else { nil }
    }
    #expect(serials == [["s1", nil], ["s2"], nil])
    bench.receive(.nack, error: .refusal) { $0.msgSerial = 2 }
    #expect(bench.log.error(tickets[2]) == .refusal)
  }

  @Test("RTN7a: an answer to numbers that were never sent, or were answered, reaches nobody")
  func strayAnswers() throws {
    var bench = try MachineBench.attached()
    let ticket = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    for serial in [Int64.min, -1, 1, 7, .max] {
      for count in [Int.min, 0, 1, .max] {
        let effects = bench.receive(serial == -1 ? .nack : .ack) {
          $0.msgSerial = serial
          $0.count = count
        }
        #expect(effects.isEmpty)
      }
    }
    bench.receive(.ack)
    #expect(bench.log.outcome(ticket) == nil)
    bench.receive(.ack) {
      $0.msgSerial = 0
      $0.count = .max
    }
    #expect(bench.log.succeeded(ticket))
    #expect(bench.receive(.nack) { $0.msgSerial = 0 }.isEmpty)
  }

  @Test("RTN7a: an answer in the middle leaves what is around it")
  func middle() throws {
    var bench = try MachineBench.attached()
    let tickets = (0..<5).map { _ in bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    }
    bench.receive(.ack) {
      $0.msgSerial = 2
      $0.count = 2
    }
    #expect(tickets.map { bench.log.succeeded($0) } == [false, false, true, true, false])
    bench.receive(.ack) {
      $0.msgSerial = 0
      $0.count = 5
    }
    #expect(tickets.allSatisfy { bench.log.succeeded($0) })
  }

  @Test("RTL6c5: publishing attaches no channel")
  func noAttachment() throws {
    var bench = try MachineBench.connected()
    bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    #expect(bench.log.sent.map(\.action) == [.message])
    #expect(bench.machine.channels["news"]?.state == .initialized)
  }

  @Test(
    "RTL6c2: before the connection messages wait for it, in order",
    arguments: [ConnectionState.initialized, .connecting, .disconnected])
  func waits(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    let tickets = (0..<3).map { number in
      bench.channel("news") { .publish([Message(name: "\(number)")], params: [:], $0) }
    }
    #expect(bench.log.sent.isEmpty)
    bench.on(.connect)
    bench.authenticate()
    let sent = bench.confirm().sent(.message)
    #expect(sent.map { $0.messages.first?.name } == ["0", "1", "2"] && sent.map(\.msgSerial) == [0, 1, 2])
    bench.receive(.ack) {
      $0.msgSerial = 0
      $0.count = 3
    }
    #expect(tickets.allSatisfy { bench.log.succeeded($0) })
  }

  @Test(
    "RTL6c2, RTL6c4: with queueMessages off they fail instead",
    arguments: [ConnectionState.initialized, .connecting, .disconnected])
  func failsAtOnce(_ state: ConnectionState) throws {
    var bench = try MachineBench { $0.queueMessages = false }
    bench.bring(to: state)
    let ticket = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    #expect(bench.log.error(ticket) != nil)
  }

  @Test(
    "RTN7d: with queueMessages off what is not confirmed fails when the connection is lost",
    arguments: [false, true])
  func failsWhenLost(_ queueMessages: Bool) throws {
    var bench = try MachineBench.attached { $0.queueMessages = queueMessages }
    let ticket = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    bench.lose()
    #expect(bench.log.error(ticket) == (queueMessages ? nil : .broken))
  }

  @Test(
    "RTL6c4: nothing is published without a connection to come",
    arguments: [ConnectionState.suspended, .closing, .closed, .failed])
  func noConnection(_ state: ConnectionState) throws {
    var bench = try MachineBench()
    bench.bring(to: state)
    let ticket = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    #expect(bench.log.error(ticket) != nil)
  }

  @Test(
    "RTL6c1, RTL6c4: nothing is published on a channel that is suspended or failed",
    arguments: ChannelState.allCases)
  func states(_ state: ChannelState) throws {
    var bench = try MachineBench.attached()
    bench.machine.channels["news"]?.state = state
    let ticket = bench.channel("news") { .publish([Message(name: "a")], params: [:], $0) }
    let isRefused = state == .suspended || state == .failed
    #expect(bench.log.error(ticket)?.code == (isRefused ? .invalidChannelState : nil))
    #expect(bench.log.sent.isEmpty == isRefused)
  }

  @Test(
    "RTL6g1, RTL6g2, RTL6g3, RTL6g4: no message goes out under another identity, as far as the own one is known",
    arguments: [
      ("bob", nil, false), ("bob", "bob", false), ("bob", "alice", true), ("*", "alice", false),
      (nil, "alice", false),
    ] as [(String?, String?, Bool)])
  func identity(_ own: String?, _ stated: String?, _ isRefused: Bool) throws {
    var bench = try MachineBench.attached()
    bench.clientId = own
    let messages = [Message(name: "a"), Message(name: "b", clientId: stated)]
    let ticket = bench.channel("news") { .publish(messages, params: [:], $0) }
    #expect(bench.log.error(ticket)?.code == (isRefused ? .invalidClientId : nil))
    #expect(bench.log.sent.count == (isRefused ? 0 : 1))
    #expect(bench.log.sent.allSatisfy { $0.messages.map(\.clientId) == [nil, stated] })
    #expect(bench.machine.state == .connected && bench.machine.channels["news"]?.state == .attached)
  }

  private static func message(at seconds: Double) -> Message {
    var message = Message(name: "a")
    message.timestamp = Date(timeIntervalSince1970: seconds)
    return message
  }

  @Test("RTL6a, RSL1i, RSL4a: what cannot be published is refused before it is sent")
  func unfit() throws {
    var bench = try MachineBench.attached { $0.maxMessageSize = 10 }
    let cases: [([Message], ErrorInfo.Code)] = [
      ([], .invalidPublishRequest),
      ([Message(name: "12345"), Message(name: "678901")], .maxMessageSizeExceeded),
      ([Message(data: .json(.number(JSONNumber(1))))], .invalidDataOrEncoding),
      ([Message(data: .json(.null))], .invalidDataOrEncoding),
      ([Self.message(at: .infinity)], .invalidParameterValue),
      ([Self.message(at: -.infinity)], .invalidParameterValue),
      ([Self.message(at: .nan)], .invalidParameterValue),
    ]
    for (messages, code) in cases {
      let ticket = bench.channel("news") { .publish(messages, params: [:], $0) }
      #expect(bench.log.error(ticket)?.code == code)
    }
    #expect(bench.log.sent.isEmpty)
  }

  @Test(
    "CD2d, TO3l9: ids, params and names are refused where they are more than a frame may hold",
    arguments: 0...3)
  func unfitForFrame(_ way: Int) throws {
    var bench = try MachineBench.connected { $0.maxFrameSize = 100 }
    let long = String(repeating: "x", count: 200)
    var message = Message(name: "a")
    if way == 0 { message.id = long }
    let name = way == 1 ? long : "news"
    let params = way == 2 ? [long: ""] : [:]
    let ticket = bench.channel(name) { .publish([message], params: params, $0) }
    #expect(bench.log.error(ticket)?.code == (way < 3 ? .maxMessageSizeExceeded : nil))
    #expect(bench.log.sent(.message).count == (way < 3 ? 0 : 1))
    bench.receive(.connected) {
      $0.connectionDetails = ConnectionDetails()
      $0.connectionDetails?.maxFrameSize = 1000
    }
    let later = bench.channel(name) { .publish([message], params: params, $0) }
    #expect(bench.log.outcome(later) == nil && bench.log.sent(.message).count == (way < 3 ? 1 : 2))
  }

  @Test(
    "RSL1i, CD2c: what waited and is more than the service takes is refused; the rest goes out, without a gap"
  )
  func unfitLater() throws {
    var bench = try MachineBench()
    bench.on(.connect)
    let tickets = ["12", "1234567", "34"].map { name in
      bench.channel("news") { .publish([Message(name: name)], params: [:], $0) }
    }
    bench.authenticate()
    let effects = bench.receive(.connected) {
      $0.connectionDetails = ConnectionDetails()
      $0.connectionDetails?.maxMessageSize = 6
    }
    #expect(effects.sent(.message).map { $0.messages.first?.name } == ["12", "34"])
    #expect(effects.sent(.message).map(\.msgSerial) == [0, 1])
    #expect(tickets.map { bench.log.error($0)?.code } == [nil, .maxMessageSizeExceeded, nil])
  }

  @Test(
    "RTN19a, CD2c, CD2d: what was not confirmed and is more than the next connection takes is refused, and not sent again",
    arguments: [true, false], ["one", "two"])
  func unfitAgain(isFrame: Bool, id: String) throws {
    var bench = try MachineBench.attached()
    let tickets = ["12", "1234567", "34"].map { name -> Ticket in
      var message = Message(name: isFrame ? "" : name)
      message.id = name
      return bench.channel("news") { .publish([message], params: [:], $0) }
    }
    bench.lose()
    bench.authenticate()
    let effects = bench.receive(.connected) {
      $0.connectionId = id
      $0.connectionDetails = ConnectionDetails()
      if isFrame { $0.connectionDetails?.maxFrameSize = 8 } else { $0.connectionDetails?.maxMessageSize = 6 }
    }
    #expect(effects.sent(.message).map { $0.messages.first?.id } == ["12", "34"])
    #expect(effects.sent(.message).map(\.msgSerial) == (id == "one" ? [0, 2] : [0, 1]))
    #expect(tickets.map { bench.log.error($0)?.code } == [nil, .maxMessageSizeExceeded, nil])
    #expect(
      bench.log.error(tickets[1])?.message.hasSuffix("it was sent before, and may have arrived then") == true)
    #expect(bench.machine.outbox.load.count == 2)
  }

  @Test("RTL6c2: no more waits for a connection than memory should hold, by number and by bytes")
  func waitsWithinBounds() throws {
    var bench = try MachineBench {
      $0.maxMessageSize = .max
      $0.maxFrameSize = .max
    }
    bench.on(.connect)
    let large = String(repeating: "x", count: OutboundLoad.maximumBytes / 2)
    for _ in 0..<2 { bench.channel("news") { .publish([Message(name: large)], params: [:], $0) } }
    let refused = bench.channel("news") { .publish([Message(name: "x")], params: [:], $0) }
    #expect(bench.log.error(refused)?.code == .connectionPublishRateExceeded)
    #expect(bench.log.error(refused)?.statusCode == 429)
    bench.authenticate()
    #expect(bench.confirm().sent(.message).count == 2)
    let stillFull = bench.channel("news") { .publish([Message(name: "x")], params: [:], $0) }
    #expect(bench.log.error(stillFull)?.code == .connectionPublishRateExceeded)
    bench.receive(.ack) { $0.msgSerial = 0 }
    let fits = bench.channel("news") { .publish([Message(name: "x")], params: [:], $0) }
    #expect(bench.log.outcome(fits) == nil && bench.log.sent(.message).last?.msgSerial == 2)
  }

  @Test("RTL6c2: there is room again after what waited was sent and confirmed, given up, or sent anew")
  func roomAgain() {
    var outbox = Outbox()
    let entry = Outbox.Entry(message: ProtocolMessage(.message), owner: .ticket(1), size: 1)
    for round in 0..<4 {
      for _ in 0..<OutboundLoad.maximumCount { outbox.wait(entry) }
      #expect(!outbox.takes(entry), "in round \(round)")
      switch round {
      case 0: _ = outbox.giveUp()
      case 1:
        for entry in outbox.release() { _ = outbox.number(entry) }
        #expect(!outbox.takes(entry))
        _ = outbox.confirmed(from: 0, count: .max)
      case 2:
        for entry in outbox.release() { _ = outbox.number(entry) }
        _ = outbox.resend(isContinued: false)
        #expect(!outbox.takes(entry))
        _ = outbox.giveUpUnconfirmed()
      default: _ = outbox.release()
      }
      #expect(outbox.takes(entry), "after round \(round)")
    }
  }

  @Test(
    "RTL1, RTL17: messages reach listeners while the channel is attached, and only then",
    arguments: ChannelState.allCases)
  func delivers(_ state: ChannelState) throws {
    var bench = try MachineBench.attached()
    bench.machine.channels["news"]?.state = state
    let effects = bench.receive(.message, channel: "news") {
      $0.messages = [Message(name: "a"), Message(name: "b")]
    }
    #expect(effects.messages("news").map(\.name) == (state == .attached ? ["a", "b"] : []))
  }

  @Test("TM2a, TM2c, TM2f: what the frame says goes for messages that do not say it themselves")
  func fields() throws {
    var bench = try MachineBench.attached()
    var own = Message(name: "b")
    own.id = "own"
    own.connectionId = "elsewhere"
    let effects = bench.receive(.message, channel: "news") {
      $0.id = "frame"
      $0.connectionId = "there"
      $0.timestamp = 5
      $0.messages = [Message(name: "a"), own]
    }
    #expect(effects.messages("news").map(\.id) == ["frame:0", "own"])
    #expect(effects.messages("news").map(\.connectionId) == ["there", "elsewhere"])
    #expect(effects.messages("news").map(\.timestamp) == [Milliseconds.date(5), Milliseconds.date(5)])
  }

  @Test("RTL7d, RSL6a, RSL6b: messages are decoded; what cannot be is delivered as far as it goes, and told")
  func decodes() throws {
    var bench = try MachineBench.attached()
    var good = Message(data: .string("eyJhIjoxfQ=="))
    good.encoding = "json/utf-8/base64"
    var bad = Message(data: .string("not base64!"))
    bad.encoding = "utf-8/base64"
    let effects = bench.receive(.message, channel: "news") { $0.messages = [good, bad] }
    let data: [MessageData?] = [.json(["a": .number(JSONNumber(1))]), .string("not base64!")]
    #expect(effects.messages("news").map(\.data) == data)
    #expect(effects.messages("news").map(\.encoding) == [nil, "utf-8/base64"])
    #expect(effects.warnings.map(\.code) == [.invalidDataOrEncoding])
  }
}
