package import AblyTokens

/// One frame of a realtime connection (TR1).
package struct ProtocolMessage: Sendable, Equatable {
  package var action: ProtocolAction
  /// Names the frame, so that one that comes twice is known (TR4n).
  package var id: String?
  /// A token, in an AUTH (TR4p, AD2).
  package var accessToken: Secret?
  package var channel: String?
  package var channelSerial: String?
  package var connectionId: String?
  package var connectionDetails: ConnectionDetails?
  /// How many messages an ACK or a NACK is about (TR4g).
  package var count: Int?
  package var error: ErrorInfo?
  package var flags: ProtocolFlags = []
  package var msgSerial: Int64?
  /// Still encoded, as each says.
  package var messages: [Message] = []
  /// Still encoded, as each says.
  package var presence: [PresenceMessage] = []
  /// In milliseconds since 1970 (TR4m).
  package var timestamp: Int64?
  package var params: [String: String] = [:]
  /// What became of each publish, in an ACK (TR4s): the serials of its messages.
  package var results: [[String?]] = []

  package init(_ action: ProtocolAction) { self.action = action }
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
