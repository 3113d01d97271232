internal import AblyWire

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension PresenceMessage {
  /// Whether the service made it up because the member's connection was lost (RTP2b1).
  var isSynthesized: Bool {
    guard let id, let connectionId else { return true }
    return !id.hasPrefix(connectionId)
  }

  /// Whether this one, which just came, tells of a later moment than the other (RTP2b).
  func isNewer(than other: PresenceMessage) -> Bool {
    if !isSynthesized, !other.isSynthesized, let position, let known = other.position {
      return position.serial == known.serial ? position.index > known.index : position.serial > known.serial
    }
    return (timestamp ?? .distantPast) >= (other.timestamp ?? .distantPast)
  }

  /// `connectionId:serial:index` (RTP2b2). The connection id is the service's to choose, so it is read from the end.
  private var position: (serial: Int64, index: Int64)? {
    guard let id else { return nil }
    let parts = id.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 3, let serial = Int64(parts[parts.count - 2]),
      let index = Int64(parts[parts.count - 1])
    else { return nil }
    return (serial, index)
  }
}
