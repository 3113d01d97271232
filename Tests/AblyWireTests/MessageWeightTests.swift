internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("What a message takes in memory")
struct MessageWeightTests {
  private static let long = String(repeating: "x", count: 1000)
  private static let tree: JSONValue = ["a": [.string(long), 1, true, .null]]

  @Test("each member of a message counts")
  func messages() {
    let changes: [(inout Message) -> Void] = [
      { $0.id = Self.long }, { $0.name = Self.long }, { $0.encoding = Self.long },
      { $0.clientId = Self.long }, { $0.connectionId = Self.long }, { $0.connectionKey = Self.long },
      { $0.serial = Self.long },
      { $0.data = .string(Self.long) }, { $0.data = .binary(Array(Self.long.utf8)) },
      { $0.data = .json(Self.tree) }, { $0.extras = Self.tree }, { $0.annotations = Self.tree },
      { $0.version = Self.tree }, { $0.version = ["serial": .string(Self.long), "timestamp": 1] },
    ]
    for (place, change) in changes.enumerated() {
      var message = Message()
      change(&message)
      #expect(message.weight >= Message().weight + 1000, "\(place)")
    }
  }

  @Test("each member of a presence message counts")
  func presence() {
    let changes: [(inout PresenceMessage) -> Void] = [
      { $0.id = Self.long }, { $0.encoding = Self.long }, { $0.clientId = Self.long },
      { $0.connectionId = Self.long }, { $0.data = .string(Self.long) }, { $0.extras = Self.tree },
    ]
    for (place, change) in changes.enumerated() {
      var message = PresenceMessage()
      change(&message)
      #expect(message.weight >= PresenceMessage().weight + 1000, "\(place)")
    }
  }

  @Test("values without text take their place as well", arguments: [.null, true, 1, [], [:]] as [JSONValue])
  func places(_ value: JSONValue) {
    let message = Message(data: .json(.array(Array(repeating: value, count: 1000))))
    #expect(message.weight >= 1000 * MemoryLayout<JSONValue>.stride)
  }
}
