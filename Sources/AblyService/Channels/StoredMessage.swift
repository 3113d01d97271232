internal import AblyTokens

/// A message as it stands in a channel's history.
struct StoredMessage: Sendable, Hashable {
  let id: String
  let serial: String
  let timestamp: Int64
  let clientId: String?
  let name: String?
  let data: String?
  let encoding: String?
  let extras: JSONValue?

  init(_ draft: MessageDraft, id: String, serial: String, timestamp: Int64) {
    self.id = draft.id ?? id
    self.serial = serial
    self.timestamp = timestamp
    clientId = draft.clientId
    name = draft.name
    data = draft.data
    encoding = draft.encoding
    extras = draft.extras
  }

  /// The message as it travels (TM2).
  var json: JSONValue {
    let time = JSONValue.number(JSONNumber(timestamp))
    var members: [String: JSONValue] = [
      "id": .string(id), "serial": .string(serial), "timestamp": time, "action": 0,
      "version": ["serial": .string(serial), "timestamp": time],
    ]
    members["clientId"] = clientId.map(JSONValue.string)
    members["name"] = name.map(JSONValue.string)
    members["data"] = data.map(JSONValue.string)
    members["encoding"] = encoding.map(JSONValue.string)
    members["extras"] = extras
    return .object(members)
  }

  /// What it takes in memory, roughly.
  var weight: Int {
    256 + [id, clientId, name, data, encoding, extras?.text].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
  }
}
