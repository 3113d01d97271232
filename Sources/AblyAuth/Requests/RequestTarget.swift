internal import AblyTokens

/// Path and query of a request, percent-encoded.
struct RequestTarget: Sendable, Hashable {
  var path: String
  var query: String?

  /// The text of the request line.
  var text: String { query.map { "\(path)?\($0)" } ?? path }

  /// A path of these segments, whatever characters they hold.
  init(_ segments: [String], query: [(name: String, value: String)] = []) {
    path = segments.map { "/\(PercentEncoding.segment($0))" }.joined()
    guard !query.isEmpty else { return }
    self.query = PercentEncoding.form(query)
  }

  /// A path and a query that are encoded already.
  init(path: String, query: String?) {
    self.path = path
    self.query = query
  }
}
