internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

@Suite struct PresenceMapTests {
  static func member(
    _ action: PresenceAction, _ clientId: String, connection: String = "c", id: String? = nil,
    at time: Int64 = 0
  ) -> PresenceMessage {
    var message = PresenceMessage(action: action, clientId: clientId)
    message.connectionId = connection
    message.id = id
    message.timestamp = Milliseconds.date(time)
    return message
  }

  @Test(
    "RTP2b2: of two messages of a connection the one with the greater msgSerial, then index, is newer",
    arguments: [
      ("c:1:0", "c:0:9", true), ("c:0:9", "c:1:0", false), ("c:1:2", "c:1:1", true),
      ("c:1:1", "c:1:1", false),
      ("c:10:0", "c:9:0", true),
    ])
  func serials(_ id: String, _ known: String, _ isNewer: Bool) {
    // The times say the opposite.
    let message = Self.member(.update, "a", id: id, at: isNewer ? 1 : 2)
    #expect(message.isNewer(than: Self.member(.enter, "a", id: known, at: isNewer ? 2 : 1)) == isNewer)
  }

  @Test(
    "RTP2b1, RTP2b1a: one that the service made up is compared by its time, and wins a draw",
    arguments: [
      ("x:5:0", "c:9:0", 5, 5, true), ("x:5:0", "c:0:0", 4, 5, false), ("c:0:0", "x:9:0", 6, 5, true),
    ] as [(String, String, Int64, Int64, Bool)])
  func times(_ id: String, _ known: String, _ time: Int64, _ knownTime: Int64, _ isNewer: Bool) {
    let message = Self.member(.leave, "a", id: id, at: time)
    #expect(message.isNewer(than: Self.member(.present, "a", id: known, at: knownTime)) == isNewer)
  }

  @Test(
    "RTP2b: ids that nobody could have made are compared by time",
    arguments: ["", "c", "c:", "c:x:y", "c:1", "::"])
  func absurdIds(_ id: String) {
    let message = Self.member(.update, "a", id: id, at: 6)
    #expect(message.isNewer(than: Self.member(.enter, "a", id: "c:1:1", at: 5)))
    #expect(!message.isNewer(than: Self.member(.enter, "a", id: "c:1:1", at: 7)))
  }

  @Test("RTP2d, RTP2d1, RTP2d2: who enters, updates or is present is told as it came, and kept as present")
  func arrives() {
    var map = PresenceMachine()
    for (serial, action) in [PresenceAction.enter, .update, .present].enumerated() {
      let told = map.apply(Self.member(action, "a", id: "c:\(serial):0"), connectionId: nil)
      #expect(told?.action == action)
      #expect(map.present.map(\.action) == [.present])
    }
    #expect(map.apply(Self.member(.update, "a", id: "c:0:0"), connectionId: nil) == nil)
    #expect(map.apply(Self.member(.enter, "a", connection: "d", id: "d:0:0"), connectionId: nil) != nil)
    #expect(map.present.count == 2)
  }

  @Test("RTP2h, RTP2h1, RTP2a: who leaves is told and gone, unless they were not there or it is old news")
  func leaves() {
    var map = PresenceMachine()
    #expect(map.apply(Self.member(.leave, "a", id: "c:0:0"), connectionId: nil) == nil)
    _ = map.apply(Self.member(.enter, "a", id: "c:5:0"), connectionId: nil)
    #expect(
      map.apply(Self.member(.leave, "a", id: "c:4:0"), connectionId: nil) == nil && map.present.count == 1)
    #expect(map.apply(Self.member(.leave, "a", id: "c:6:0"), connectionId: nil)?.action == .leave)
    #expect(map.present.isEmpty)
  }

  @Test("RTP2h2: who leaves during a sync is absent until its end, so that an older arrival changes nothing")
  func leavesDuringSync() {
    var map = PresenceMachine()
    _ = map.apply(Self.member(.enter, "a", id: "c:5:0"), connectionId: nil)
    map.beginSync("s")
    #expect(map.apply(Self.member(.leave, "a", id: "c:6:0"), connectionId: nil) == nil)
    #expect(map.apply(Self.member(.present, "a", id: "c:5:0"), connectionId: nil) == nil)
    #expect(map.present.isEmpty && map.endSync(at: 0).isEmpty && map.present.isEmpty)
  }

  @Test("RTP19: who is not in a sync has left; who is in it, or comes meanwhile, has not")
  func endOfSync() throws {
    var map = PresenceMachine()
    for name in ["stays", "gone"] { _ = map.apply(Self.member(.enter, name, id: "c:1:0"), connectionId: nil) }
    map.beginSync(nil)
    // The same message again is no news, and yet shows that the member is there.
    #expect(map.apply(Self.member(.present, "stays", id: "c:1:0"), connectionId: nil) == nil)
    #expect(map.apply(Self.member(.enter, "new", id: "c:2:0"), connectionId: nil) != nil)
    let left = map.endSync(at: 77)
    #expect(left.map(\.clientId) == ["gone"] && left.map(\.action) == [.leave])
    #expect(left.map(\.id) == [nil] && left.map(\.timestamp) == [Milliseconds.date(77)])
    #expect(map.present.compactMap(\.clientId).sorted() == ["new", "stays"] && map.isSynced)
  }

  @Test("RTP18a: another sync overtakes the one under way")
  func overtakes() {
    var map = PresenceMachine()
    for name in ["a", "b"] { _ = map.apply(Self.member(.enter, name, id: "c:1:0"), connectionId: nil) }
    map.continueSync("one")
    _ = map.apply(Self.member(.present, "a", id: "c:1:0"), connectionId: nil)
    map.continueSync("one")
    map.continueSync("two")
    _ = map.apply(Self.member(.present, "b", id: "c:1:0"), connectionId: nil)
    #expect(map.endSync(at: 0).map(\.clientId) == ["a"])
  }

  @Test(
    "RTP18a, RTP18b, RTP18c: a serial names the sync, and says whether it is over",
    arguments: [
      ("seq:cursor", "seq", false), ("seq:", "seq", true), ("seq:a:b", "seq", false), ("seq", "seq", true),
      (nil, nil, true), ("", "", true), (":", "", true),
    ] as [(String?, String?, Bool)])
  func cursor(_ serial: String?, _ sequence: String?, _ isLast: Bool) {
    let cursor = PresenceCursor(serial)
    #expect(cursor.sequence == sequence && cursor.isLast == isLast)
  }

  @Test("RTP17b, RTP17h: members of this connection are kept by client id, and leave only by their own doing")
  func own() {
    var map = PresenceMachine()
    _ = map.apply(Self.member(.enter, "a", id: "c:1:0"), connectionId: "c")
    _ = map.apply(Self.member(.enter, "a", connection: "d", id: "d:1:0"), connectionId: "c")
    #expect(map.own.mapValues(\.connectionId) == ["a": "c"])
    _ = map.apply(Self.member(.leave, "a", id: "x:2:0", at: 9), connectionId: "c")
    #expect(map.own.count == 1 && map.present.count == 1)
    _ = map.apply(Self.member(.enter, "a", id: "e:0:0", at: 10).from("e"), connectionId: "e")
    #expect(map.own.mapValues(\.connectionId) == ["a": "e"])
    _ = map.apply(Self.member(.leave, "a", id: "e:3:0", at: 11).from("e"), connectionId: "e")
    #expect(map.own.isEmpty)
  }

  @Test("RTP2: no more members are kept than memory should hold; those that leave make room")
  func bounds() {
    var few = MemberSet()
    let half = MessageData.string(String(repeating: "x", count: MemberSet.maximumBytes / 2))
    let large = PresenceMessage(action: .present, data: half)
    let areKept = ["a", "a", "b"].map { few.keep(large, as: $0) }
    #expect(areKept == [true, true, false] && few.members.keys.sorted() == ["a"])
    few.remove("a")
    let areKeptNow = [few.keep(large, as: "b"), few.keep(PresenceMessage(action: .absent), as: "a")]
    few.removeAbsent()
    #expect(areKeptNow == [true, true] && few.members.keys.sorted() == ["b"])

    var many = MemberSet()
    let small = PresenceMessage(action: .present)
    let isKept = (0..<MemberSet.maximumCount).map { many.keep(small, as: "\($0)") }
    #expect(!isKept.contains(false))
    let isMoreKept = [many.keep(small, as: "more"), many.keep(small, as: "0")]
    many.remove("1")
    #expect(isMoreKept == [false, true])
    let isKeptInPlace = many.keep(small, as: "more")
    #expect(isKeptInPlace && many.members.count == MemberSet.maximumCount)
  }

  @Test("RTP2, RTP19: members that a listing is about to tell as gone take no room from those it names")
  func roomForSync() {
    var map = PresenceMachine()
    let half = MessageData.string(String(repeating: "x", count: MemberSet.maximumBytes / 2))
    for (connection, sequence) in [("c", "one"), ("d", "two"), ("e", "three")] {
      map.continueSync(sequence)
      var large = Self.member(.present, "large", connection: connection, id: "\(connection):0:0")
      large.data = half
      _ = map.apply(large, connectionId: nil)
      for name in 0..<1000 {
        let id = "\(connection):1:\(name)"
        _ = map.apply(Self.member(.present, "\(name)", connection: connection, id: id), connectionId: nil)
      }
      _ = map.endSync(at: 0)
      #expect(map.present.count == 1001 && map.isSynced)
    }
    var many = MemberSet()
    let small = PresenceMessage(action: .present)
    let isKept = (0...MemberSet.maximumCount).map { many.keep(small, as: "\($0)", besides: 1) }
    #expect(!isKept.contains(false) && many.members.count == MemberSet.maximumCount + 1)
  }

  @Test("RTP17h, RTP2: members of this connection have the same bounds")
  func boundsOfOwn() {
    var map = PresenceMachine()
    let half = MessageData.string(String(repeating: "x", count: MemberSet.maximumBytes / 2))
    for name in ["a", "b"] {
      var message = Self.member(.enter, name, id: "c:1:0")
      message.data = half
      #expect(map.apply(message, connectionId: "c") == message)
    }
    #expect(map.own.keys.sorted() == ["a"] && map.isOverfull && !map.isSynced)
    #expect(map.leaveAll(at: 0).map(\.clientId) == ["a"])
    #expect(map.isSynced && map.own.keys.sorted() == ["a"])
  }
}

extension PresenceMessage {
  fileprivate func from(_ connectionId: String) -> PresenceMessage {
    var message = self
    message.connectionId = connectionId
    return message
  }
}
