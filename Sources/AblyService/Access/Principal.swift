internal import AblyTokens

/// Whoever a request was found to come from, and what they may do.
struct Principal: Sendable {
  let key: IssuingKey

  /// What may be done: for a token what it says, narrowed by what its key may do now.
  let capability: Capability

  var identity: Identity

  /// Whether the key itself was shown, not a token of it.
  let hasKey: Bool

  /// The token that was shown; `nil` for a key.
  var token: BearerToken?

  /// What the token says about channels beyond its capability.
  var terms = ChannelTerms.none

  var appId: String { key.appId }

  /// - Throws: 40160 when the capability does not cover it.
  func require(_ operation: Capability.Operation, on channel: ChannelName) throws(ErrorInfo) {
    guard capability.allows(operation, on: channel.text) else {
      let name = PeerText.line(channel.text, maximumCount: 128)
      throw ErrorInfo(
        .capabilityDenied, "the capability does not allow \(operation) on the channel \(name)",
        statusCode: 401)
    }
  }
}
