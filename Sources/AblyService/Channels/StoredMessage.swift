internal import AblyTokens
internal import AblyWire

/// A message as it stands in a channel's history, or a change of a member in that of its presence: one for all who
/// keep it, send it or page through it, since it never changes.
final class StoredMessage: Sendable {
  /// What its publisher knows it by.
  let identity: MessageIdentity
  let serial: String
  let timestamp: Int64
  let clientId: String?
  let name: String?
  let data: String?
  let encoding: String?
  let extras: JSONValue?

  /// The connection it came by; `nil` over HTTP.
  let connectionId: String?

  /// What happened to the member; `nil` for a message.
  let presenceAction: PresenceAction?

  /// What it takes in memory, roughly.
  let weight: Int

  init(
    _ draft: MessageDraft, _ identity: MessageIdentity, serial: String, timestamp: Int64,
    connectionId: String? = nil, presenceAction: PresenceAction? = nil
  ) {
    self.identity = identity
    self.serial = serial
    self.timestamp = timestamp
    clientId = draft.clientId
    name = draft.name
    data = draft.data
    encoding = draft.encoding
    extras = draft.extras
    self.connectionId = connectionId
    self.presenceAction = presenceAction
    let texts = identity.id.utf8.count + (draft.clientId?.utf8.count ?? 0) + (draft.name?.utf8.count ?? 0)
    let payload = (draft.data?.utf8.count ?? 0) + (draft.encoding?.utf8.count ?? 0)
    weight = 256 + texts + payload + (draft.extras?.utf8.count ?? 0)
  }

  var id: String { identity.id }

  /// The message as it travels (TM2, TP3).
  var json: JSONValue {
    let time = JSONValue.number(JSONNumber(timestamp))
    var members: [String: JSONValue] = ["id": .string(id), "timestamp": time]
    if let presenceAction {
      members["action"] = .number(JSONNumber(presenceAction.rawValue))
    } else {
      members["action"] = 0
      members["serial"] = .string(serial)
      members["version"] = version
    }
    members["connectionId"] = connectionId.map(JSONValue.string)
    members["clientId"] = clientId.map(JSONValue.string)
    members["name"] = name.map(JSONValue.string)
    members["data"] = data.map(JSONValue.string)
    members["encoding"] = encoding.map(JSONValue.string)
    members["extras"] = extras
    return .object(members)
  }

  private var version: JSONValue {
    ["serial": .string(serial), "timestamp": .number(JSONNumber(timestamp))]
  }

  /// The message in a frame.
  var message: Message {
    var message = Message(name: name, data: data.map(MessageData.string), clientId: clientId)
    message.id = id
    message.encoding = encoding
    message.connectionId = connectionId
    message.timestamp = Milliseconds.date(timestamp)
    message.extras = extras
    message.serial = serial
    message.action = MessageAction(rawValue: 0)
    message.knownVersion = MessageVersion(serial: serial, timestamp: timestamp)
    return message
  }

  /// The member in a frame.
  func presenceMessage(_ action: PresenceAction? = nil) -> PresenceMessage {
    var message = PresenceMessage(
      action: action ?? presenceAction, clientId: clientId, data: data.map(MessageData.string))
    message.id = id
    message.encoding = encoding
    message.connectionId = connectionId
    message.timestamp = Milliseconds.date(timestamp)
    message.extras = extras
    return message
  }
}
