internal import AblyRealtime
internal import AblyTokens

extension AsyncSequence where Self: Sendable, Element: Sendable {
  /// The first element that is meant.
  ///
  /// - Throws: 50003 when it does not come in time.
  @discardableResult
  func first(
    within limit: Duration, where isMeant: @escaping @Sendable (Element) -> Bool
  ) async throws -> Element {
    let found = try await withThrowingTaskGroup(of: Element?.self) { group in
      group.addTask { try await self.first(where: isMeant) }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    guard let found else { throw ErrorInfo(.timeout, "what was waited for did not come within \(limit)") }
    return found
  }
}

extension Connection {
  /// Waits until the connection is in a state.
  ///
  /// - Throws: 50003 when it does not get there in time.
  func until(_ state: ConnectionState) async throws {
    let changes = events
    if self.state == state { return }
    try await changes.first(within: .seconds(10)) { $0.current == state }
  }
}
