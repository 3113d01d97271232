internal import AblyTokens

/// The times and bounds of realtime connections; times in milliseconds.
struct RealtimeSettings: Sendable {
  /// How long a connection can be taken up again, and its members stay present, after its socket is gone
  /// (CD2f).
  var connectionStateTTL: Int64 = 120_000

  /// How long the service is silent at most (CD2h).
  var maxIdleInterval: Int64 = 15_000

  /// How long before its token ends a client is asked for another one (RTN22).
  var expiryWarning: Int64 = 30_000

  /// How long a revocation is held against those who connect: longer than the check of a token takes.
  var noticeTime: Int64 = 10_000

  /// The largest frame, in bytes: a publish of 64 KiB, each character of which JSON may write as six.
  var maximumFrameBytes = RealtimeLimits().frameBytes

  /// How deep arrays and objects of a frame may lie in each other.
  var maximumDepth = RealtimeLimits().depth

  /// The most channels of one connection.
  var maximumChannels = RealtimeLimits().channels

  /// The most members of one channel.
  var maximumMembers = 10_000

  /// What the members of one channel, of one connection, and all together may take in memory, in bytes, roughly.
  var maximumMembersBytes = 16 << 20
  var maximumMembersBytesOfOne = 16 << 20
  var maximumMembersBytesOfAll = 64 << 20

  /// The most connections that wait for their clients to come back, and what their channels may take in memory, in
  /// bytes, roughly; beyond it those end that have waited for the longest time.
  var maximumWaiting = 20_000
  var maximumWaitingBytes = 128 << 20

  /// What the channels of one connection, and of all together, may take in memory, in bytes, roughly.
  var maximumAttachmentBytesOfOne = 4 << 20
  var maximumAttachmentBytesOfAll = 1 << 30

  /// How many times a client may show credentials within ``reauthWindow``.
  var maximumReauths = RealtimeLimits().reauthentications

  /// Whether that is for clients on this machine too.
  var countsLoopback = RealtimeLimits().countsLoopback

  var reauthWindow: Int64 = 10_000

  /// What may wait to be sent on one connection before it is cut.
  var maximumQueuedFrames = 10_000
  var maximumQueuedBytes = 8 << 20

  /// The most of a backlog that is sent when a channel is taken up again.
  var maximumBacklog = 1000
  var maximumBacklogBytes = 4 << 20
}

extension RealtimeSettings {
  /// - Throws: 40003 for a limit that would let nobody in.
  init(_ limits: RealtimeLimits) throws(ErrorInfo) {
    try limits.check()
    self.init()
    maximumFrameBytes = limits.frameBytes
    maximumDepth = limits.depth
    maximumChannels = limits.channels
    maximumReauths = limits.reauthentications
    countsLoopback = limits.countsLoopback
  }
}
