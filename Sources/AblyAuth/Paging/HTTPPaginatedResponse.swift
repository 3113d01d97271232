public import AblyTokens
public import HTTPTypes

/// The answer to a request of one's own (HP1): a page of JSON values, and the way to the others.
public struct HTTPPaginatedResponse: Sendable {
  /// What is on this page: the elements of an array, or the one value that came, or nothing (HP3).
  public let items: [JSONValue]

  /// The HTTP status (HP4).
  public let statusCode: Int

  /// Ably's code, where the service refused and named one (HP6).
  public let errorCode: ErrorInfo.Code?

  /// What the service said when it refused (HP7), on one line.
  public let errorMessage: String?

  /// The header fields (HP8).
  public let headers: HTTPFields

  private let links: PageLinks
  private let load: @Sendable (PageLinks.Page) async throws(ErrorInfo) -> HTTPPaginatedResponse

  init(
    items: [JSONValue], statusCode: Int, error: ErrorInfo?, headers: HTTPFields, links: PageLinks,
    load: @escaping @Sendable (PageLinks.Page) async throws(ErrorInfo) -> HTTPPaginatedResponse
  ) {
    self.items = items
    self.statusCode = statusCode
    errorCode = error?.code
    errorMessage = error?.message
    self.headers = headers
    self.links = links
    self.load = load
  }

  /// Whether the service did what was asked: the status is 200 to 299 (HP5).
  public var success: Bool { (200..<300).contains(statusCode) }

  /// Whether there is a further page (HP2, TG6).
  public var hasNext: Bool { links.next != nil }

  /// Whether this is the last page (HP2, TG7).
  public var isLast: Bool { !hasNext }

  /// The next page; `nil` after the last (HP2, TG4). It is asked for with GET, whatever the request was.
  ///
  /// - Throws: as ``RESTClient/request(_:_:version:params:body:headers:)``; 40013 when the link to the page
  ///   leads to another host.
  public func next() async throws(ErrorInfo) -> HTTPPaginatedResponse? {
    guard let next = links.next else { return nil }
    return try await load(next)
  }

  /// The first page again (HP2, TG5); throws as ``next()``.
  public func first() async throws(ErrorInfo) -> HTTPPaginatedResponse {
    try await load(links.first)
  }
}
