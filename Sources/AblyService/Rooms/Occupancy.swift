internal import AblyTokens
internal import AblyWire

/// How many are on a channel, and by what right (CHM2).
struct Occupancy: Sendable {
  private let counts: [String: Int]

  /// - Parameter elsewhere: how many connections have it attached on other nodes, by their modes.
  init(_ room: Room, elsewhere: [Int64: Int] = [:]) {
    let live = room.attachments.values.filter(\.isLive)
    func having(_ mode: ProtocolFlags) -> Int {
      live.count { $0.modes.contains(mode) }
        + elsewhere.reduce(0) { $0 + (ProtocolFlags(rawValue: $1.key).contains(mode) ? $1.value : 0) }
    }
    counts = [
      "connections": live.count + elsewhere.values.reduce(0, +), "publishers": having(.publish),
      "subscribers": having(.messageSubscribe),
      "presenceConnections": having(.presence), "presenceMembers": room.members.count,
      "presenceSubscribers": having(.presenceSubscribe), "objectPublishers": 0, "objectSubscribers": 0,
    ]
  }

  var json: JSONValue { .object(counts.mapValues { .number(JSONNumber($0)) }) }
}
