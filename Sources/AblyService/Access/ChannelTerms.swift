/// What a token says about channels beyond its capability: facts for others to read, and how fast its bearer
/// may publish. Keys and opaque tokens say nothing of the kind.
struct ChannelTerms: Sendable {
  /// Trusted facts about the bearer (`ably.channel.<pattern>`).
  let claims: ChannelRules<String>

  /// The most messages a second that one attachment may publish
  /// (`ably.limits.publish.perAttachment.maxRate.<pattern>`).
  let publishRates: ChannelRules<Int>

  /// Nothing about any channel.
  static let none = ChannelTerms(claims: [:], publishRates: [:])

  /// Terms by channel or pattern.
  init(claims: [String: String], publishRates: [String: Int]) {
    self.claims = ChannelRules(claims)
    self.publishRates = ChannelRules(publishRates)
  }

  /// What others on the channel are told about the bearer; `nil` for nothing.
  func claim(on channel: ChannelName) -> String? { claims.value(on: channel.text) }

  /// How many messages a second the bearer may publish there per attachment; `nil` for no limit.
  func publishRate(on channel: ChannelName) -> Int? { publishRates.value(on: channel.text) }
}
