internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import Logging

extension RESTClient {
  /// Loads a page, and knows the way to the others from its links.
  ///
  /// - Parameters:
  ///   - page: where it is.
  ///   - read: makes an item of an element of the answer, and says why its data could not be decoded.
  func page<Item>(
    _ page: PageLinks.Page,
    read: @escaping @Sendable (JSONValue) throws(ErrorInfo) -> (item: Item, failure: ErrorInfo?)
  ) async throws(ErrorInfo) -> PaginatedResult<Item> {
    let target = try page.get()
    let answer = try await send(RESTCall(method: .get, target: target, maximumAnswer: RESTCall.pageAnswer))
    guard let elements = answer.body == .null ? [] : answer.body.array else {
      throw answer.unreadable("the answer is not a page of results")
    }
    var items: [Item] = []
    items.reserveCapacity(elements.count)
    var undecoded = UndecodedMessages()
    for element in elements {
      let (item, failure) = try read(element)
      items.append(item)
      undecoded.note(failure)
    }
    if let error = undecoded.error(in: "page") { logger.error("\(error)") }
    let links = PageLinks(answer.fields, of: target, at: sender.endpoint.primary)
    return PaginatedResult(items: items, links: links) { page throws(ErrorInfo) in
      try await self.page(page, read: read)
    }
  }
}
