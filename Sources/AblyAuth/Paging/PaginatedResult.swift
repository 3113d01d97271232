public import AblyTokens

/// A page of results, and the way to the others (TG1).
public struct PaginatedResult<Item: Sendable>: Sendable {
  /// What is on this page (TG3).
  public let items: [Item]

  private let links: PageLinks
  private let load: @Sendable (PageLinks.Page) async throws(ErrorInfo) -> PaginatedResult

  init(
    items: [Item], links: PageLinks,
    load: @escaping @Sendable (PageLinks.Page) async throws(ErrorInfo) -> PaginatedResult
  ) {
    self.items = items
    self.links = links
    self.load = load
  }

  /// Whether there is a further page (TG6).
  public var hasNext: Bool { links.next != nil }

  /// Whether this is the last page (TG7).
  public var isLast: Bool { !hasNext }

  /// The next page; `nil` after the last (TG4).
  ///
  /// - Throws: what the first request could throw; 40013 when the link to the page leads to another host.
  public func next() async throws(ErrorInfo) -> PaginatedResult? {
    guard let next = links.next else { return nil }
    return try await load(next)
  }

  /// The first page again (TG5); throws as ``next()``.
  public func first() async throws(ErrorInfo) -> PaginatedResult {
    try await load(links.first)
  }
}
