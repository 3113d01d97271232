internal import AblyTokens

/// Reads names of channels, and remembers the latest: who publishes does so on one channel many times.
struct RecentName: Sendable {
  private var latest: (text: String, name: ChannelName)?

  /// - Throws: as ``ChannelName/init(_:)``.
  mutating func name(of text: String) throws(ErrorInfo) -> ChannelName {
    if let latest, latest.text.isSpelt(as: text) { return latest.name }
    let name = try ChannelName(text)
    latest = (text, name)
    return name
  }
}
