internal import AblyTokens
internal import AblyWire

/// Which members of a channel are asked for (RSP3a).
struct PresenceQuery: Sendable {
  private let limit: Int
  private let clientId: String?
  private let connectionId: String?
  private let cursor: String?

  /// - Throws: 40003 for a limit outside 1 to 1000.
  init(_ query: [String: String]) throws(ErrorInfo) {
    guard let limit = Int(query["limit"] ?? "100"), (1...1000).contains(limit) else {
      throw ErrorInfo(.invalidParameterValue, "limit is not a whole number from 1 to 1000")
    }
    self.limit = limit
    clientId = query["clientId"]
    connectionId = query["connectionId"]
    cursor = query["cursor"]
  }

  /// The page that is asked for, and the query of the next one.
  func page(of members: PresenceSet) -> (items: [JSONValue], next: String?) {
    let all = members.sorted.filter { key, _ in
      (clientId ?? key.clientId).isSpelt(as: key.clientId)
        && (connectionId ?? key.connectionId) == key.connectionId
        && (cursor.map { key.text > $0 } ?? true)
    }
    let page = all.prefix(PageSize.count(of: all.prefix(limit).lazy.map(\.member.weight)))
    let last = all.count > page.count ? page.last?.key.text : nil
    let items = page.map { $0.member.json(as: .present) }
    return (items, last.map(parameters))
  }

  /// The query of the first page.
  var first: String { parameters(cursor: nil) }

  private func parameters(cursor: String?) -> String {
    let parts = [("clientId", clientId), ("connectionId", connectionId), ("cursor", cursor)].compactMap {
      name, value in value.map { "\(name)=\(PercentEncoding.component($0))" }
    }
    return (["limit=\(limit)"] + parts).joined(separator: "&")
  }
}

extension StoredMessage {
  /// A member as it travels, with another action than the one it came with.
  fileprivate func json(as action: PresenceAction) -> JSONValue {
    guard var members = json.object else { return json }
    members["action"] = .number(JSONNumber(action.rawValue))
    return .object(members)
  }
}
