/// Where a sync stands: `<sequence>:<cursor>` (RTP18).
struct PresenceCursor: Sendable, Equatable {
  /// Names the sync; `nil` for one that is a single frame (RTP18c).
  let sequence: String?
  /// Whether nothing follows (RTP18b).
  let isLast: Bool

  init(_ serial: String?) {
    guard let serial else {
      sequence = nil
      isLast = true
      return
    }
    let parts = serial.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    sequence = parts.first.map(String.init)
    isLast = parts.count < 2 || parts[1].isEmpty
  }
}
