public import AblyTokens

extension MessagePackValue {
  /// What a JSON document says, in MessagePack: whole numbers that 64 bits hold as such, others as doubles.
  public init(_ json: JSONValue) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .number(let number):
      if let integer = number.int64 {
        self = .integer(integer)
      } else {
        self = UInt64(number.literal).map(MessagePackValue.large) ?? .double(number.double)
      }
    case .string(let text): self = .string(text)
    case .array(let elements): self = .array(elements.map { MessagePackValue($0) })
    case .object(let members): self = .map(members.mapValues { MessagePackValue($0) })
    }
  }

  /// What the document says, in JSON: bytes become base64 text; what JSON cannot write becomes `null`.
  public var json: JSONValue {
    switch self {
    case .null, .custom: .null
    case .bool(let value): .bool(value)
    case .integer(let value): .number(JSONNumber(value))
    case .large(let value): .number(JSONNumber(value))
    case .double(let value): JSONNumber(value).map(JSONValue.number) ?? .null
    case .string(let text): .string(text)
    case .binary(let bytes): .string(Base64.standard.encode(bytes))
    case .array(let elements): .array(elements.map(\.json))
    case .map(let members): .object(members.mapValues(\.json))
    }
  }
}
