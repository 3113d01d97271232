internal import AblyTokens

/// What the service knows about a channel (CHD1).
public struct ChannelDetails: Sendable, Hashable {
  /// Its name (CHD2a).
  public var channelId: String

  /// Whether it is active, and who is on it (CHD2b).
  public var status: ChannelStatus
}

extension ChannelDetails {
  /// - Returns: `nil` for something else.
  init?(json: JSONValue) {
    guard let channelId = json["channelId"]?.string ?? json["name"]?.string else { return nil }
    self.channelId = channelId
    status = ChannelStatus(
      isActive: json["status"]?["isActive"]?.bool ?? false,
      occupancy: json["status"]?["occupancy"]?["metrics"].map(ChannelMetrics.init))
  }
}
