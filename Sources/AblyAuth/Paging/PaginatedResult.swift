public import AblyTokens

/// A page of results, and the way to the others (TG1).
public struct PaginatedResult<Item: Sendable>: Sendable {
  /// What is on this page (TG3).
  public let items: [Item]

  private let firstTarget: Page
  private let nextTarget: Page?
  private let load: @Sendable (Page) async throws(ErrorInfo) -> PaginatedResult

  /// Where a page is: known, or the reason why nobody should go there.
  typealias Page = Result<RequestTarget, ErrorInfo>

  init(
    items: [Item], first: Page, next: Page?,
    load: @escaping @Sendable (Page) async throws(ErrorInfo) -> PaginatedResult
  ) {
    self.items = items
    firstTarget = first
    nextTarget = next
    self.load = load
  }

  /// Whether there is a further page (TG6).
  public var hasNext: Bool { nextTarget != nil }

  /// Whether this is the last page (TG7).
  public var isLast: Bool { !hasNext }

  /// The next page; `nil` after the last (TG4).
  ///
  /// - Throws: what the first request could throw; 40013 when the link to the page leads to another host.
  public func next() async throws(ErrorInfo) -> PaginatedResult? {
    guard let nextTarget else { return nil }
    return try await load(nextTarget)
  }

  /// The first page again (TG5); throws as ``next()``.
  public func first() async throws(ErrorInfo) -> PaginatedResult {
    try await load(firstTarget)
  }
}
