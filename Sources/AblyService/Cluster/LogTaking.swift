/// A connection that goes on at another node.
package struct LogTaking: Sendable {
  /// A channel that it had attached.
  package struct Attachment: Sendable, Hashable {
    package let app: String
    package let channel: String

    /// How, as the node wrote it: JSON, of which a log reads the number `modes` alone.
    package let terms: String

    /// Puts them together.
    package init(app: String, channel: String, terms: String) {
      self.app = app
      self.channel = channel
      self.terms = terms
    }
  }

  /// Where that stands.
  package let position: LogPosition

  package let attachments: [Attachment]

  /// Puts the two together.
  package init(position: LogPosition, attachments: [Attachment]) {
    self.position = position
    self.attachments = attachments
  }
}
