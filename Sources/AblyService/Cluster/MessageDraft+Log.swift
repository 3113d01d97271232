internal import AblyTokens

extension MessageDraft {
  /// How it stands in a shared log.
  var logged: JSONValue {
    var members = loggedData
    members["id"] = id.map(JSONValue.string)
    members["name"] = name.map(JSONValue.string)
    members["clientId"] = clientId.map(JSONValue.string)
    members["extras"] = extras
    return .object(members)
  }

  /// Of a member what it carries, without its extras.
  var loggedData: [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    members["data"] = data.map(JSONValue.string)
    members["encoding"] = encoding.map(JSONValue.string)
    return members
  }

  /// Reads what a node of this cluster wrote, which is not checked again.
  init(logged json: JSONValue) {
    id = json["id"]?.string
    name = json["name"]?.string
    data = json["data"]?.string
    encoding = json["encoding"]?.string
    clientId = json["clientId"]?.string
    extras = json["extras"]
  }
}
