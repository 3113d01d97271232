internal import AblyTokens
internal import AblyWire
internal import TestSupport

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Makes frames as peers send them, and as only hostile ones do.
struct FrameGenerator {
  var random: SeededGenerator
  /// How often a member is not as it should be: one of so many.
  var oddness = 40

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func happens(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

  mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func text(_ limit: Int = 40) -> String {
    String((0..<number(0..<limit)).map { _ in "abcxyz09é漢🙂\0\"\\\n/:K".randomElement(using: &random) ?? "a" })
  }

  mutating func integer() -> Int64 {
    Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<64, using: &random)
  }

  // MARK: Frames as values

  mutating func message() -> Message {
    var message = Message()
    if happens(2) { message.id = text() }
    if happens(2) { message.name = text() }
    if happens(3) { message.clientId = text() }
    if happens(3) { message.connectionId = text() }
    if happens(9) { message.connectionKey = text() }
    message.data = data()
    if happens(3) { message.encoding = encoding() }
    if happens(2) { message.timestamp = Date(timeIntervalSince1970: Double(number(0..<1 << 40)) / 1000) }
    if happens(30) { message.timestamp = Date(timeIntervalSince1970: .infinity) }
    if happens(5) { message.extras = tree(1) }
    if happens(2) { message.serial = text() }
    if happens(3) { message.action = MessageAction(rawValue: number(-2..<9)) }
    if happens(2) { message.version = version() }
    if happens(9) { message.annotations = tree(2) }
    return message
  }

  mutating func version() -> JSONValue {
    switch number(0..<6) {
    case 0: tree(2)
    case 1: ["serial": .string(text()), "timestamp": 7, "more": .null]
    case 2: ["serial": .string(text()), "timestamp": "7"]
    default: ["serial": .string(text()), "timestamp": .number(JSONNumber(integer()))]
    }
  }

  mutating func data() -> MessageData? {
    switch number(0..<12) {
    case 0: nil
    case 1: .json(["a": [1, .string(text())]])
    case 2: .json([1, 2])
    case 3: happens(3) ? .json(1) : .json([:])
    case 4, 5: .binary((0..<number(0..<300)).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    case 6: .string(Base64.standard.encode(Array(text().utf8)))
    default: .string(text(200))
    }
  }

  mutating func encoding() -> String {
    let steps = [
      "", "json", "utf-8", "base64", "json/utf-8", "utf-8/base64", "cipher+aes/base64", "/", "base64/",
    ]
    return steps.randomElement(using: &random) ?? ""
  }

  mutating func presence() -> PresenceMessage {
    var message = PresenceMessage(
      action: PresenceAction(rawValue: number(0..<6)), clientId: text(), data: data())
    if happens(2) { message.id = text() }
    if happens(3) { message.encoding = encoding() }
    if happens(2) { message.connectionId = text() }
    if happens(2) { message.timestamp = Date(timeIntervalSince1970: Double(number(0..<1 << 40)) / 1000) }
    if happens(4) { message.extras = tree(1) }
    return message
  }

  mutating func frame() -> ProtocolMessage {
    var frame = ProtocolMessage(ProtocolAction(rawValue: number(-1..<22)))
    if happens(2) { frame.id = text() }
    if happens(6) { frame.accessToken = Secret(text()) }
    if happens(2) { frame.channel = text() }
    if happens(2) { frame.channelSerial = text() }
    if happens(4) { frame.connectionId = text() }
    if happens(8) {
      var details = ConnectionDetails()
      details.clientId = text()
      details.connectionStateTTL = .milliseconds(number(0..<99_999))
      frame.connectionDetails = details
    }
    if happens(4) { frame.count = number(0..<99) }
    if happens(6) { frame.error = ErrorInfo(.tokenExpired, text()) }
    if happens(3) { frame.flags = ProtocolFlags(rawValue: integer()) }
    if happens(2) { frame.msgSerial = integer() }
    if happens(2) { frame.timestamp = integer() }
    if happens(6) { frame.params = [text(): text(), text(): text()] }
    frame.messages = (0..<number(0..<4)).map { _ in message() }
    frame.presence = (0..<(happens(3) ? number(0..<3) : 0)).map { _ in presence() }
    if happens(4) {
      frame.results = (0..<number(0..<4)).map { _ in
        (0..<number(0..<4)).map { _ in happens(5) ? nil : text() }
      }
    }
    return frame
  }

  // MARK: Frames as documents

  mutating func tree(_ depth: Int = 0) -> JSONValue {
    switch number(0..<(depth < 4 ? 8 : 6)) {
    case 0: .null
    case 1: .bool(happens(2))
    case 2: .number(JSONNumber(integer()))
    case 3: JSONNumber(Double.random(in: -1e9...1e9, using: &random)).map(JSONValue.number) ?? .null
    case 4, 5: .string(text())
    case 6: .array((0..<number(0..<4)).map { _ in tree(depth + 1) })
    default:
      .object(
        Dictionary((0..<number(0..<4)).map { _ in (text(), tree(depth + 1)) }, uniquingKeysWith: { $1 }))
    }
  }

  /// The same document with something in it that hardly any peer sends.
  mutating func odd(_ json: JSONValue, depth: Int = 0) -> JSONValue {
    switch json {
    case .object(var members):
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        members[name] = happens(oddness) ? tree() : odd(value, depth: depth + 1)
        if happens(oddness) { members[name] = nil }
      }
      if happens(oddness) { members[text(6)] = tree() }
      return .object(members)
    case .array(let elements):
      var elements = elements.map { odd($0, depth: depth + 1) }
      if happens(oddness) { elements.append(tree()) }
      return .array(elements)
    case .number where happens(oddness): return .string(json.text)
    default: return json
    }
  }

  /// Bytes of which some are others now.
  mutating func broken(_ bytes: [UInt8]) -> [UInt8] {
    var broken = bytes
    for _ in 0..<number(1..<4) where !broken.isEmpty {
      let place = number(0..<broken.count)
      switch number(0..<4) {
      case 0: broken.remove(at: place)
      case 1: broken.insert(UInt8(number(0..<256)), at: place)
      case 2: broken.removeLast(number(0..<broken.count))
      default: broken[place] = UInt8(number(0..<256))
      }
    }
    return broken
  }
}
