internal import AblyTokens

/// Members that an app has from its beginning: the test suites of official clients read them where nobody has entered.
struct PresenceFixture: Sendable {
  struct Member: Sendable {
    let clientId: String
    let draft: MessageDraft
  }

  let channel: ChannelName
  let members: [Member]

  /// The most of an app.
  private static let maximumMembers = 1000

  /// What the `channels` of a request for an app name; channels without members are left out.
  ///
  /// - Throws: 40000 for what is no array of channels with members, and for too many members; 40010 for the name of a
  ///   channel, 91000 or 40012 for a member's clientId, and what ``MessageDraft`` does.
  static func all(in channels: JSONValue?) throws(ErrorInfo) -> [PresenceFixture] {
    guard let channels else { return [] }
    var fixtures: [PresenceFixture] = []
    for channel in try list(channels, "channels") {
      guard let presence = channel["presence"] else { continue }
      let members = try list(presence, "presence of a channel").map { item throws(ErrorInfo) in
        try member(item)
      }
      guard let name = channel["name"]?.string else {
        throw ErrorInfo(.badRequest, "a channel with members has no name", statusCode: 400)
      }
      fixtures.append(PresenceFixture(channel: try ChannelName(name), members: members))
    }
    guard fixtures.reduce(0, { $0 + $1.members.count }) <= maximumMembers else {
      throw ErrorInfo(.badRequest, "an app begins with at most \(maximumMembers) members", statusCode: 400)
    }
    return fixtures
  }

  private static func list(_ value: JSONValue, _ what: String) throws(ErrorInfo) -> [JSONValue] {
    guard let array = value.array, array.allSatisfy({ $0.object != nil }) else {
      throw ErrorInfo(.badRequest, "the \(what) must be an array of objects", statusCode: 400)
    }
    return array
  }

  private static func member(_ item: JSONValue) throws(ErrorInfo) -> Member {
    var draft = try MessageDraft(item)
    guard let clientId = try Identity.any.publisher(writing: draft.clientId) else {
      throw ErrorInfo(.presenceRequiresClientId, "a member has no clientId", statusCode: 400)
    }
    // Of one that another made it would say that it is somebody's.
    draft.id = nil
    return Member(clientId: clientId, draft: draft)
  }
}
