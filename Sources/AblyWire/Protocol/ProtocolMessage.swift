package import AblyTokens

/// One frame of a realtime connection (TR1).
package struct ProtocolMessage: Sendable, Equatable {
  package var action: ProtocolAction
  /// Names the frame, so that one that comes twice is known (TR4n).
  package var id: String?
  package var channel: String?
  package var channelSerial: String?
  package var connectionId: String?
  /// How many messages an ACK or a NACK is about (TR4g).
  package var count: Int?
  package var flags: ProtocolFlags = []
  package var msgSerial: Int64?
  /// Still encoded, as each says.
  package var messages: [Message] = []
  /// Still encoded, as each says.
  package var presence: [PresenceMessage] = []
  /// In milliseconds since 1970 (TR4m).
  package var timestamp: Int64?
  /// What became of each publish, in an ACK (TR4s): the serials of its messages.
  package var results: [[String?]] = []

  /// What few frames have lies apart, so that the others are passed on at less cost.
  private var rare: Rare?

  private indirect enum Rare: Sendable, Equatable {
    case members(RareMembers)
  }

  private struct RareMembers: Sendable, Equatable {
    var accessToken: Secret?
    var connectionDetails: ConnectionDetails?
    var error: ErrorInfo?
    var params: [String: String] = [:]
  }

  package init(_ action: ProtocolAction) { self.action = action }

  private var rareMembers: RareMembers {
    get {
      guard case .members(let members) = rare else { return RareMembers() }
      return members
    }
    set { rare = newValue == RareMembers() ? nil : .members(newValue) }
  }

  /// A token, in an AUTH (TR4p, AD2).
  package var accessToken: Secret? {
    get { rare == nil ? nil : rareMembers.accessToken }
    set { if rare != nil || newValue != nil { rareMembers.accessToken = newValue } }
  }

  package var connectionDetails: ConnectionDetails? {
    get { rare == nil ? nil : rareMembers.connectionDetails }
    set { if rare != nil || newValue != nil { rareMembers.connectionDetails = newValue } }
  }

  package var error: ErrorInfo? {
    get { rare == nil ? nil : rareMembers.error }
    set { if rare != nil || newValue != nil { rareMembers.error = newValue } }
  }

  package var params: [String: String] {
    get { rare == nil ? [:] : rareMembers.params }
    set { if rare != nil || !newValue.isEmpty { rareMembers.params = newValue } }
  }
}

extension ProtocolMessage {
  /// What the frame says of the id of the message or member at a place, where that says nothing itself (TM2a, TP3a).
  package func elementId(at place: Int) -> String? { id.map { "\($0):\(place)" } }
}

extension ProtocolMessage: CustomStringConvertible {
  /// What it is about, without tokens, keys and payloads.
  package var description: String {
    var parts = ["action \(action.rawValue)"]
    if let channel { parts.append("channel \(PeerText.line(channel, maximumCount: 256))") }
    if let msgSerial { parts.append("msgSerial \(msgSerial)") }
    if let error { parts.append("error \(error)") }
    return "ProtocolMessage(\(parts.joined(separator: ", ")))"
  }
}
