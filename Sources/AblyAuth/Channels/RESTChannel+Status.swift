public import AblyTokens
internal import HTTPTypes

extension RESTChannel {
  /// Whether the channel is active, and who is on it (RSL8).
  ///
  /// - Throws: 40010 for a channel without a name; the service's refusal, such as 40160; 50003 when it does
  ///   not answer in time, 80000 when it cannot be reached, 40013 when something else answers in its place.
  public func status() async throws(ErrorInfo) -> ChannelDetails {
    let answer = try await client.send(RESTCall(method: .get, target: try target([])))
    guard let details = ChannelDetails(json: answer.body) else {
      throw answer.unreadable("the answer is not about a channel")
    }
    return details
  }
}
