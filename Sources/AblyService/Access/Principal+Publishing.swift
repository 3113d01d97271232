internal import AblyTokens

extension Principal {
  /// Gives messages what their publisher does not write but is: its identity, and what its token says about it
  /// on the channel, for others to read in `extras.userClaim`.
  ///
  /// - Throws: 40012 for another identity than the credentials allow, 40160 for privileged extras without the
  ///   capability, 40009 where what it is given makes the publish far too large.
  func sign(_ drafts: inout [MessageDraft], on channel: ChannelName) throws(ErrorInfo) {
    let claim = claim(on: channel)
    for index in drafts.indices {
      drafts[index].clientId = try identity.publisher(writing: drafts[index].clientId)
      drafts[index].claim = claim
      if drafts[index].isPrivileged { try require(.privilegedHeaders, on: channel) }
    }
    // Its author counts what it writes, and not what is written for it.
    try MessageDraft.checkSize(of: drafts, atMost: 2 * MessageDraft.maximumPublishBytes)
  }
}
