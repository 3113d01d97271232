internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Which part of a history is asked for (RSL2b, RSP4b).
struct HistoryRange: Sendable {
  var start: Date?
  var end: Date?
  var direction: HistoryDirection?
  var limit: Int?

  /// - Throws: 40003 for a start after the end, a limit that is not 1 to 1000, and a date that milliseconds
  ///   cannot hold.
  func query() throws(ErrorInfo) -> [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if let start { query.append(("start", String(try Milliseconds.of(start, "start")))) }
    if let end { query.append(("end", String(try Milliseconds.of(end, "end")))) }
    if let start, let end, start > end {
      throw ErrorInfo(.invalidParameterValue, "the start of the history is after its end")
    }
    if let direction { query.append(("direction", direction.rawValue)) }
    if let limit {
      guard (1...1000).contains(limit) else {
        throw ErrorInfo(.invalidParameterValue, "a page of \(limit) messages: the limit is 1 to 1000")
      }
      query.append(("limit", String(limit)))
    }
    return query
  }
}
