/// A channel as far as somebody is there.
struct Room: Sendable {
  /// By connection.
  var attachments: [String: Attachment] = [:]

  var members = PresenceSet()

  var isEmpty: Bool { attachments.isEmpty && members.isEmpty }
}
