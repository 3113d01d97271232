public import AblyTokens
public import AblyWire

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension RESTChannel {
  /// The messages that were published (RSL2), decoded (RSL6a).
  ///
  /// - Parameters:
  ///   - start: the time of the earliest message to give, not after `end` (RSL2b1).
  ///   - end: the time of the latest message to give.
  ///   - direction: the order; backwards where it is absent (RSL2b2).
  ///   - limit: how many messages a page has at most, 1 to 1000; 100 where it is absent (RSL2b3).
  /// - Throws: 40003 for a start after the end and for another limit, 40010 for a channel without a name; the
  ///   service's refusal, such as 40160; 50003 when it does not answer in time, 80000 when it cannot be
  ///   reached, 40013 when something else answers in its place.
  public func history(
    start: Date? = nil, end: Date? = nil, direction: HistoryDirection? = nil, limit: Int? = nil
  ) async throws(ErrorInfo) -> PaginatedResult<Message> {
    try await history(
      HistoryRange(start: start, end: end, direction: direction, limit: limit).query())
  }

  /// The same up to where a connection attached the channel (RTL10b).
  package func history(
    start: Date? = nil, end: Date? = nil, direction: HistoryDirection? = nil, limit: Int? = nil,
    before serial: String
  ) async throws(ErrorInfo) -> PaginatedResult<Message> {
    try await history(
      HistoryRange(start: start, end: end, direction: direction, limit: limit).query()
        + [("fromSerial", serial)])
  }

  private func history(
    _ query: [(name: String, value: String)]
  ) async throws(ErrorInfo) -> PaginatedResult<Message> {
    return try await client.page(.success(target(["messages"], query))) { json throws(ErrorInfo) in
      var message = try Message(json: json)
      let failure = message.decode()
      return (message, failure)
    }
  }
}
