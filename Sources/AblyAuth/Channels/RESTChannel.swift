internal import AblyTokens

/// A channel, reached by HTTP (RSL).
public struct RESTChannel: Sendable {
  /// Its name (RSL9).
  public let name: String

  let client: RESTClient

  init(name: String, client: RESTClient) {
    self.name = name
    self.client = client
  }

  /// A place below the channel.
  ///
  /// - Throws: 40010 for a channel without a name.
  func target(
    _ place: [String], _ query: [(name: String, value: String)] = []
  ) throws(ErrorInfo) -> RequestTarget {
    guard !name.isEmpty else { throw ErrorInfo(.invalidChannelName, "the channel has no name") }
    return RequestTarget(["channels", name] + place, query: query)
  }
}
