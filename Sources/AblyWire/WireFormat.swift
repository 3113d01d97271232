package import AblyTokens

/// How values travel (RSC8).
///
/// The two differ in one thing: MessagePack carries the bytes of a message as they are (RSL4c1), JSON in
/// base64 with a step in `encoding` that says so (RSL4d1). In between, messages have the form of JSON.
package enum WireFormat: Sendable, Hashable, CaseIterable {
  case json, messagePack

  /// The media type (RSC8c).
  package var mediaType: String {
    switch self {
    case .json: "application/json"
    case .messagePack: "application/x-msgpack"
    }
  }

  /// The format of a media type without parameters, in lower case; `nil` for another.
  package init?(mediaType: String) {
    guard let format = Self.allCases.first(where: { $0.mediaType == mediaType }) else { return nil }
    self = format
  }

  /// A value as it travels: a message, an array of messages, a protocol message, or anything else.
  package func encode(_ json: JSONValue) -> [UInt8] {
    switch self {
    case .json: return json.utf8
    case .messagePack:
      return MessagePackValue(json).mapMessages(\.withBinaryData).bytes
    }
  }

  /// Reads what travelled.
  ///
  /// - Parameter maximumDepth: how deep arrays and objects may lie in each other.
  /// - Throws: 40000 for something else.
  package func decode(_ bytes: [UInt8], maximumDepth: Int = 64) throws(ErrorInfo) -> JSONValue {
    switch self {
    case .json: return try JSONValue(parsing: bytes, maximumDepth: maximumDepth)
    case .messagePack:
      return try MessagePackValue(parsing: bytes, maximumDepth: maximumDepth).mapMessages(\.withTextData).json
    }
  }
}

extension MessagePackValue {
  private static let base64 = "base64"

  /// The same with each message in it changed: itself, the elements of an array, and those that a protocol
  /// message or an entry of a batch holds.
  fileprivate func mapMessages(_ change: (MessagePackValue) -> MessagePackValue) -> MessagePackValue {
    switch self {
    case .array(let elements): return .array(elements.map { $0.mapMessages(change) })
    case .map(var members) where members["messages"] != nil || members["presence"] != nil:
      for name in ["messages", "presence"] {
        if case .array(let elements) = members[name] {
          members[name] = .array(elements.map { $0.mapMessages(change) })
        }
      }
      return .map(members)
    default: return change(self)
    }
  }

  /// A message whose data is base64 text, with its bytes instead.
  fileprivate var withBinaryData: MessagePackValue {
    guard case .map(var members) = self, case .string(let text) = members["data"],
      case .string(let encoding) = members["encoding"]
    else { return self }
    guard let steps = encoding.stepsBeforeBase64, let bytes = Base64.standard.decode(text.utf8) else {
      return self
    }
    members["data"] = .binary(bytes)
    members["encoding"] = steps.isEmpty ? nil : .string(steps.joined(separator: "/"))
    return .map(members)
  }

  /// A message whose data is bytes, with base64 text instead.
  fileprivate var withTextData: MessagePackValue {
    guard case .map(var members) = self, case .binary(let bytes) = members["data"] else { return self }
    members["data"] = .string(Base64.standard.encode(bytes))
    if case .string(let encoding) = members["encoding"], !encoding.isEmpty {
      members["encoding"] = .string("\(encoding)/\(Self.base64)")
    } else {
      members["encoding"] = .string(Self.base64)
    }
    return .map(members)
  }
}
