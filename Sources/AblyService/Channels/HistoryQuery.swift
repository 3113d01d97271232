internal import AblyTokens

/// Which of a channel's messages are asked for, and in what order.
struct HistoryQuery: Sendable {
  enum Direction: String, Sendable {
    case backwards, forwards
  }

  let direction: Direction
  let limit: Int
  let start: Int64?
  let end: Int64?

  /// The serial of the last message of the page before this one.
  let cursor: String?

  /// The serial of the last message that is asked for, whichever the direction (RTL10b).
  let fromSerial: String?

  private static let usualLimit = 100
  private static let maximumLimit = 1000

  /// Reads the query of a request (RSL2b). Both times are milliseconds since 1970 and included.
  ///
  /// - Throws: 40003 for a direction that is neither `backwards` nor `forwards`, a limit outside 1 to 1000, a
  ///   time that is not a whole number, and a start after its end.
  init(_ query: [String: String]) throws(ErrorInfo) {
    guard let direction = Direction(rawValue: query["direction"] ?? "backwards") else {
      throw ErrorInfo(.invalidParameterValue, "direction is neither backwards nor forwards")
    }
    guard let limit = Int(query["limit"] ?? String(Self.usualLimit)), (1...Self.maximumLimit).contains(limit)
    else {
      throw ErrorInfo(.invalidParameterValue, "limit is not a whole number from 1 to \(Self.maximumLimit)")
    }
    self.direction = direction
    self.limit = limit
    start = try Self.time("start", in: query)
    end = try Self.time("end", in: query)
    cursor = query["cursor"]
    fromSerial = query["fromSerial"] ?? query["from_serial"]
    if let start, let end, start > end {
      throw ErrorInfo(.invalidParameterValue, "start lies after end")
    }
  }

  private static func time(_ name: String, in query: [String: String]) throws(ErrorInfo) -> Int64? {
    guard let text = query[name], !text.isEmpty else { return nil }
    return try Milliseconds.of(.string(text), name)
  }

  /// The page that the query asks for, out of messages that stand oldest first.
  ///
  /// - Parameter isCut: whether these are not all there are: more come behind the last that the query asks for.
  func page(of messages: ArraySlice<StoredMessage>, isCut: Bool = false) -> HistoryPage {
    var items: [StoredMessage] = []
    switch direction {
    case .forwards: items.append(contentsOf: messages.lazy.filter(isAskedFor).prefix(limit + 1))
    case .backwards: items.append(contentsOf: messages.reversed().lazy.filter(isAskedFor).prefix(limit + 1))
    }
    let size = PageSize.count(of: items.prefix(limit).lazy.map(\.weight))
    let hasNext = isCut || items.count > size
    items.removeLast(items.count - size)
    return HistoryPage(
      items: items, first: parameters(cursor: nil), next: hasNext ? nextParameters(items) : nil)
  }

  private func isAskedFor(_ message: StoredMessage) -> Bool {
    if let start, message.timestamp < start { return false }
    if let end, message.timestamp > end { return false }
    if let fromSerial, message.serial > fromSerial { return false }
    guard let cursor else { return true }
    return direction == .forwards ? message.serial > cursor : message.serial < cursor
  }

  private func nextParameters(_ items: [StoredMessage]) -> String? {
    items.last.map { parameters(cursor: $0.serial) }
  }

  // Made anew from what was understood: the query of the request may hold credentials.
  private func parameters(cursor: String?) -> String {
    var parameters = ["direction=\(direction.rawValue)", "limit=\(limit)"]
    if let start { parameters.append("start=\(start)") }
    if let end { parameters.append("end=\(end)") }
    if let fromSerial { parameters.append("fromSerial=\(PercentEncoding.component(fromSerial))") }
    if let cursor { parameters.append("cursor=\(PercentEncoding.component(cursor))") }
    return parameters.joined(separator: "&")
  }
}

/// Some of a channel's messages, and where the others are (TG1).
struct HistoryPage: Sendable {
  let items: [StoredMessage]

  /// The query of the first page.
  let first: String

  /// The query of the next page; `nil` on the last.
  let next: String?

  /// The `Link` headers for a route that ends with `name`.
  ///
  /// One line each, and relative to the route: official clients read them so.
  func links(_ name: String) -> [(name: String, value: String)] {
    var links = [("Link", "<./\(name)?\(first)>; rel=\"first\"")]
    if let next { links.append(("Link", "<./\(name)?\(next)>; rel=\"next\"")) }
    return links
  }
}
