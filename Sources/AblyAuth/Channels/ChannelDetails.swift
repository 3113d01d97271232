internal import AblyTokens

/// What the service knows about a channel (CHD1).
public struct ChannelDetails: Sendable, Hashable {
  /// Its name (CHD2a).
  public var channelId: String

  /// Whether it is active, and who is on it (CHD2b).
  public var status: ChannelStatus
}

/// Whether a channel is active, and who is on it (CHS1).
public struct ChannelStatus: Sendable, Hashable {
  /// Whether it is active (CHS2a).
  public var isActive: Bool

  /// Who is on it; `nil` where the service did not count (CHS2b, CHO2a).
  public var occupancy: ChannelMetrics?
}

/// How many are on a channel (CHM1). A count that the service did not give is 0.
public struct ChannelMetrics: Sendable, Hashable {
  /// Connections that are attached (CHM2a).
  public var connections = 0
  /// Connections that may enter presence (CHM2b).
  public var presenceConnections = 0
  /// Members of the presence set (CHM2c).
  public var presenceMembers = 0
  /// Connections that receive presence messages (CHM2d).
  public var presenceSubscribers = 0
  /// Connections that may publish (CHM2e).
  public var publishers = 0
  /// Connections that receive messages (CHM2f).
  public var subscribers = 0
  /// Connections that may publish object messages (CHM2g).
  public var objectPublishers = 0
  /// Connections that receive object messages (CHM2h).
  public var objectSubscribers = 0
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

extension ChannelMetrics {
  fileprivate init(json: JSONValue) {
    func count(_ name: String) -> Int { json[name]?.number?.int64.flatMap(Int.init(exactly:)) ?? 0 }
    connections = count("connections")
    presenceConnections = count("presenceConnections")
    presenceMembers = count("presenceMembers")
    presenceSubscribers = count("presenceSubscribers")
    publishers = count("publishers")
    subscribers = count("subscribers")
    objectPublishers = count("objectPublishers")
    objectSubscribers = count("objectSubscribers")
  }
}
