internal import AblyTokens

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

extension ChannelMetrics {
  init(json: JSONValue) {
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
