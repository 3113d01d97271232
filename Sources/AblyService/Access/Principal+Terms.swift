extension Principal {
  /// How many messages a second may be published through one attachment; `nil` for any number.
  func publishRate(on channel: ChannelName) -> Int? { terms.publishRate(on: channel) }

  /// What others on the channel are told about the publisher; `nil` for nothing.
  func claim(on channel: ChannelName) -> String? { terms.claim(on: channel) }
}
