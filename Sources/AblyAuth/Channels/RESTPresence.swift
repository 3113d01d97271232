public import AblyTokens
public import AblyWire

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Who is present on a channel, asked by HTTP (RSP1). Nobody enters this way (RSP2).
public struct RESTPresence: Sendable {
  let channel: RESTChannel

  /// The members that are present now (RSP3), decoded (RSP5).
  ///
  /// - Parameters:
  ///   - limit: how many a page has at most, 1 to 1000; 100 where it is absent (RSP3a1).
  ///   - clientId: only the members with this identity (RSP3a2).
  ///   - connectionId: only the members of this connection (RSP3a3).
  /// - Throws: as ``RESTChannel/history(start:end:direction:limit:)``.
  public func get(
    limit: Int? = nil, clientId: String? = nil, connectionId: String? = nil
  ) async throws(ErrorInfo) -> PaginatedResult<PresenceMessage> {
    var query = try HistoryRange(limit: limit).query()
    if let clientId { query.append(("clientId", clientId)) }
    if let connectionId { query.append(("connectionId", connectionId)) }
    return try await page(channel.target(["presence"], query))
  }

  /// Who entered, left and changed (RSP4), decoded (RSP5).
  ///
  /// - Parameters:
  ///   - start: the time of the earliest event to give, not after `end` (RSP4b1).
  ///   - end: the time of the latest event to give.
  ///   - direction: the order; backwards where it is absent (RSP4b2).
  ///   - limit: how many events a page has at most, 1 to 1000; 100 where it is absent (RSP4b3).
  /// - Throws: as ``RESTChannel/history(start:end:direction:limit:)``.
  public func history(
    start: Date? = nil, end: Date? = nil, direction: HistoryDirection? = nil, limit: Int? = nil
  ) async throws(ErrorInfo) -> PaginatedResult<PresenceMessage> {
    let range = HistoryRange(start: start, end: end, direction: direction, limit: limit)
    return try await page(channel.target(["presence", "history"], range.query()))
  }

  private func page(_ target: RequestTarget) async throws(ErrorInfo) -> PaginatedResult<PresenceMessage> {
    return try await channel.client.page(.success(target)) { json throws(ErrorInfo) in
      var message = try PresenceMessage(json: json)
      let failure = message.decode()
      return (message, failure)
    }
  }
}

extension RESTChannel {
  /// Who is present on the channel (RSP1).
  public var presence: RESTPresence { RESTPresence(channel: self) }
}
