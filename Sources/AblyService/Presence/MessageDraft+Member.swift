internal import AblyTokens

extension MessageDraft {
  /// What a member that leaves is shown with, in the words of its last change.
  init(leaving member: StoredMessage, clientId: String) {
    self.init(
      id: nil, data: member.data, encoding: member.encoding, clientId: clientId, extras: member.extras)
  }

  /// The same with what a member carried until now.
  func carrying(_ member: StoredMessage) -> MessageDraft {
    MessageDraft(
      id: id, data: member.data, encoding: member.encoding, clientId: clientId,
      extras: extras ?? member.extras)
  }

  private init(id: String?, data: String?, encoding: String?, clientId: String?, extras: JSONValue?) {
    self.id = id
    self.name = nil
    self.data = data
    self.encoding = encoding
    self.clientId = clientId
    self.extras = extras
  }
}
