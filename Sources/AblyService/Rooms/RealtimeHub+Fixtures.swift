internal import AblyTokens
internal import AblyWire

/// Members without a client: those of a connection that nobody has, for as long as their app exists. Where nodes share
/// their channels it is the node's that made the app, and ends with it.
extension RealtimeHub {
  private static func fixtureConnection(of appId: String) -> String { "\(appId)-fixtures" }

  /// - Throws: 91003 where all members together would take too much memory; then none has entered.
  mutating func enter(_ fixtures: [PresenceFixture], of appId: String, now: Int64) throws(ErrorInfo) {
    let weight = fixtures.flatMap(\.members).reduce(0) { $0 + $1.draft.size + Self.memberOverhead }
    guard memberWeight + weight <= settings.maximumMembersBytesOfAll else { throw Self.tooManyMembers }
    let id = Self.fixtureConnection(of: appId)
    var number = 0
    for fixture in fixtures {
      let address = ChannelAddress(appId: appId, name: fixture.channel)
      for member in fixture.members {
        enter(member, as: "\(id):0:\(number)", of: id, in: address, now: now)
        number += 1
      }
    }
  }

  private mutating func enter(
    _ member: PresenceFixture.Member, as messageId: String, of id: String, in address: ChannelAddress,
    now: Int64
  ) {
    let key = MemberKey(connectionId: id, clientId: member.clientId)
    guard sharing == nil else {
      return tell(.change(key, leaves: false, member.draft, id: messageId, in: address))
    }
    if rooms[address] == nil { rooms[address] = Room() }
    let action: PresenceAction = rooms[address]?.members[key] == nil ? .enter : .update
    set(store.append(action, member.draft, id: messageId, to: address, from: id, now: now), key, in: address)
  }

  /// The app is gone, and whoever could see them.
  mutating func removeFixtures(of appId: String) {
    let id = Self.fixtureConnection(of: appId)
    guard sharing == nil else { return tell(.about(.ended, id)) }
    for (address, room) in rooms where address.appId == appId {
      for key in room.members.keys(of: id) { set(nil, key, in: address) }
      if rooms[address]?.isEmpty == true { rooms[address] = nil }
    }
  }
}
