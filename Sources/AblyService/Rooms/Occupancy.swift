internal import AblyTokens
internal import AblyWire

/// How many are on a channel, and by what right (CHM2).
struct Occupancy: Sendable {
  private let counts: [String: Int]

  init(_ room: Room) {
    let live = room.attachments.values.filter(\.isLive)
    func having(_ mode: ProtocolFlags) -> Int { live.count { $0.modes.contains(mode) } }
    counts = [
      "connections": live.count, "publishers": having(.publish), "subscribers": having(.messageSubscribe),
      "presenceConnections": having(.presence), "presenceMembers": room.members.count,
      "presenceSubscribers": having(.presenceSubscribe), "objectPublishers": 0, "objectSubscribers": 0,
    ]
  }

  var json: JSONValue { .object(counts.mapValues { .number(JSONNumber($0)) }) }
}
