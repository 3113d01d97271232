internal import AblyTokens
internal import TestSupport
internal import Testing

@testable internal import AblyWire

/// What reads and writes usual frames at once says the same of each as what makes trees of any.
@Suite("Frames, read and written at once")
struct FrameCodecTests {
  /// A frame, or why it is none; and what was left out of it.
  struct Reading: Equatable {
    var result: Result<ProtocolMessage, ErrorInfo>
    var leftOut: [ErrorInfo] = []

    init(_ read: (((ErrorInfo) -> Void)?) throws(ErrorInfo) -> ProtocolMessage, leavesOut: Bool) {
      var leftOut: [ErrorInfo] = []
      do throws(ErrorInfo) {
        // What the messages carry: bytes may have been bytes all the way.
        result = .success(try read(leavesOut ? { leftOut.append($0) } : nil).decoded)
      } catch {
        result = .failure(error)
      }
      self.leftOut = leftOut
    }
  }

  private static func readings(
    _ bytes: [UInt8], _ format: WireFormat, maximumDepth: Int = 64
  ) -> (direct: [Reading], trees: [Reading]) {
    let direct = [true, false].map { leavesOut in
      Reading(
        { unreadable throws(ErrorInfo) in
          try format.frame(of: bytes, maximumDepth: maximumDepth, unreadable: unreadable)
        }, leavesOut: leavesOut)
    }
    let trees = [true, false].map { leavesOut in
      Reading(
        { unreadable throws(ErrorInfo) in
          try ProtocolMessage(
            json: format.decode(bytes, maximumDepth: maximumDepth), unreadable: unreadable)
        }, leavesOut: leavesOut)
    }
    return (direct, trees)
  }

  @Test("TR1: a frame is written the same", arguments: 0..<40)
  func writes(seed: UInt64) throws {
    var generator = FrameGenerator(seed: seed)
    for round in 0..<50 {
      let frame = generator.frame()
      for format in WireFormat.allCases {
        let tree = Result { () throws(ErrorInfo) in format.encode(try frame.json()) }
        let direct = Result { () throws(ErrorInfo) in try format.encode(frame) }
        #expect(direct == tree, "seed \(seed), round \(round), \(format)")
      }
    }
  }

  @Test(
    "a frame of very many messages or members, however short, is refused",
    arguments: ["messages", "presence"])
  func many(name: String) throws {
    for format in WireFormat.allCases {
      for (count, isRead) in [
        (ProtocolMessage.maximumElements, true), (ProtocolMessage.maximumElements + 1, false),
      ] {
        let elements = JSONValue.array(Array(repeating: [:], count: count))
        let bytes = format.encode(["action": 15, name: elements] as JSONValue)
        let readings = Self.readings(bytes, format)
        #expect(readings.direct == readings.trees)
        for reading in readings.direct { #expect(((try? reading.result.get()) != nil) == isRead) }
      }
    }
  }

  @Test("TR1, RTF1: a frame is read the same, whatever is odd in it", arguments: 0..<40)
  func reads(seed: UInt64) throws {
    var generator = FrameGenerator(seed: seed)
    var (count, usual) = (0, 0)
    for round in 0..<50 {
      guard let json = try? generator.frame().json() else { continue }
      let odd = generator.happens(2) ? generator.odd(json) : json
      for format in WireFormat.allCases {
        let bytes = format.encode(odd)
        count += 1
        if format.usualFrame(of: bytes, maximumDepth: 64) != nil { usual += 1 }
        let (direct, trees) = Self.readings(bytes, format)
        #expect(direct == trees, "seed \(seed), round \(round), \(format)")
      }
    }
    #expect(usual * 2 > count, "most frames are usual ones: \(usual) of \(count)")
  }

  @Test("Bytes that no peer should send are read or refused the same, and never trap", arguments: 0..<40)
  func hostile(seed: UInt64) throws {
    var generator = FrameGenerator(seed: seed)
    for round in 0..<20 {
      guard let json = try? generator.frame().json() else { continue }
      for format in WireFormat.allCases {
        let bytes = format.encode(json)
        for _ in 0..<10 {
          let broken = generator.broken(bytes)
          let (direct, trees) = Self.readings(broken, format)
          #expect(direct == trees, "seed \(seed), round \(round), \(format): \(broken)")
        }
        let noise = (0..<generator.number(0..<200)).map { _ in UInt8(generator.number(0..<256)) }
        let (direct, trees) = Self.readings(noise, format)
        #expect(direct == trees, "seed \(seed), round \(round), \(format): \(noise)")
      }
    }
  }

  @Test(
    "RFC 8259: every spelling of JSON is read the same",
    arguments: [
      #" { "action" : 15 , "messages" : [ { "name" : "n" } , { } ] } "#, #"{"\u0061ction":15}"#,
      #"{"action":15,"channel":"\u00e9\ud83d\ude42\"\\\/\b\f\n\r\t"}"#, #"{"action":15,"channel":"\ud83d"}"#,
      #"{"action":15,"action":15}"#, #"{"action":15,"id":null,"messages":null,"params":null,"res":null}"#,
      #"{"action":1.5e1}"#, #"{"action":15.0}"#, #"{"action":015}"#, #"{"action":-0}"#, #"{"action":-15}"#,
      #"{"action":"15"}"#, #"{"action":null}"#, #"{"action":9223372036854775808}"#, "{}", "[]", "null", "",
      #"{"action":15,"msgSerial":9223372036854775807,"timestamp":-9223372036854775808}"#,
      #"{"action":15,"msgSerial":"7","count":"x"}"#, #"{"action":15,"msgSerial":7e0,"flags":1.25}"#,
      #"{"action":15,}"#, #"{,"action":15}"#, #"{"action":15} x"#, #"{"action":15"#, #"{"action":1 5}"#,
      #"{"action":15,"messages":{}}"#, #"{"action":15,"messages":[1]}"#, #"{"action":15,"messages":[{}},]}"#,
      #"{"action":15,"id":"a","messages":[{"data":1},{"data":{"b":[null]}},{"data":null},{"data":true}]}"#,
      #"{"action":15,"messages":[{"data":"AQI=","encoding":"base64"},{"id":"x","encoding":""}]}"#,
      #"{"action":15,"messages":[{"version":{"serial":"s","timestamp":1}},{"version":{"timestamp":-0}}]}"#,
      #"{"action":15,"messages":[{"version":null},{"version":{"serial":"s","timestamp":01}}]}"#,
      #"{"action":15,"messages":[{"timestamp":1e3},{"timestamp":"5"},{"action":"x"},{"unknown":[]}]}"#,
      #"{"action":1,"res":[{"serials":["a",null,1]},{},{"serials":null},[]]}"#,
      #"{"action":1,"res":[{"serials":["a"],"more":1}],"params":{"a":1,"b":"c","b\u0020":"d"}}"#,
      #"{"action":4,"error":{"code":1},"connectionDetails":{"maxIdleInterval":-1},"auth":1}"#,
      #"{"action":4,"error":1,"connectionDetails":null,"auth":{"accessToken":1}}"#,
      "{\"action\":15,\"channel\":\"\u{1}\"}", "{\"action\":15,\"\u{212A}ind\":1}",
      #"{"action":15,"id":nul}"#,
    ])
  func spellings(text: String) {
    let (direct, trees) = Self.readings(Array(text.utf8), .json)
    #expect(direct == trees)
  }

  @Test(
    "A text that is not UTF-8 is refused, wherever it stands", arguments: ["id", "channel", "data", "extras"])
  func notUTF8(name: String) {
    let value: JSONValue = name == "extras" ? ["a": "Z"] : "Z"
    let json: JSONValue =
      ["data", "extras"].contains(name)
      ? ["action": 15, "messages": [[name: value]]] : ["action": 15, name: value]
    for format in WireFormat.allCases {
      let bytes = format.encode(json).map { $0 == UInt8(ascii: "Z") ? 0xFF : $0 }
      let (direct, trees) = Self.readings(bytes, format)
      #expect(direct == trees)
      #expect(throws: ErrorInfo.self) { try format.frame(of: bytes) }
    }
  }

  @Test("Bounds are those of any document", arguments: WireFormat.allCases, [8, 9, 64])
  func depth(format: WireFormat, maximumDepth: Int) throws {
    // Three levels are the frame's own.
    for (levels, isRead) in [(maximumDepth - 3, true), (maximumDepth - 2, false)] {
      let extras = (0..<levels).reduce(JSONValue.bool(true)) { value, _ in ["a": value] }
      let bytes = format.encode(["action": 15, "messages": [["extras": extras]]])
      #expect((format.usualFrame(of: bytes, maximumDepth: maximumDepth) != nil) == isRead)
      let (direct, trees) = Self.readings(bytes, format, maximumDepth: maximumDepth)
      #expect(direct == trees)
    }
  }

  @Test(
    "A frame in which values would have to be counted is read as any document", arguments: WireFormat.allCases
  )
  func large(format: WireFormat) throws {
    let bytes = format.encode([
      "action": 15, "messages": [["data": .string(String(repeating: "x", count: 1 << 20))]],
    ])
    #expect(format.usualFrame(of: bytes, maximumDepth: 64) == nil)
    #expect(try format.frame(of: bytes).messages.count == 1)
  }

  @Test("RSL6a: the bytes of a message are its data at once, with the encodings that are left")
  func bytes() throws {
    let packed = WireFormat.messagePack.encode([
      "action": 15,
      "messages": [["data": "aGk=", "encoding": "utf-8/base64"], ["data": "AQI=", "encoding": "base64"]],
    ])
    let frame = try #require(WireFormat.messagePack.usualFrame(of: packed, maximumDepth: 64))
    #expect(frame.messages.map(\.data) == [.binary(Array("hi".utf8)), .binary([1, 2])])
    #expect(frame.messages.map(\.encoding) == ["utf-8", nil])
  }

  @Test("TM2a, TP3a: messages without an id have the frame's, in their places")
  func ids() throws {
    for format in WireFormat.allCases {
      let bytes = format.encode(["action": 15, "id": "f", "messages": [[:], ["id": "own"], [:]]])
      #expect(try format.frame(of: bytes, unreadable: { _ in }).messages.map(\.id) == ["f:0", "own", "f:2"])
    }
  }
}

extension ProtocolMessage {
  fileprivate var decoded: ProtocolMessage {
    var decoded = self
    for place in messages.indices { decoded.messages[place].decode() }
    for place in presence.indices { decoded.presence[place].decode() }
    return decoded
  }
}
