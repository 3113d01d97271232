public import AblyTokens

/// What a message carries (TM2d).
///
/// A payload is text, bytes, or a JSON object or array (RSL4a). Literals read as one would expect:
/// `"hello"` is text, `["user": "bob"]` and `[1, 2]` are JSON.
public enum MessageData: Sendable, Hashable {
  /// Text. In JSON it travels as it is.
  case string(String)

  /// Bytes. In JSON they travel in base64.
  case binary([UInt8])

  /// A JSON object or array, which travels as text. Any other JSON value is kept when it is received but
  /// cannot be published (RSL4a).
  case json(JSONValue)
}

extension MessageData {
  /// The text, if that is what it carries.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The bytes, if that is what it carries.
  public var binary: [UInt8]? {
    if case .binary(let bytes) = self { bytes } else { nil }
  }

  /// The JSON value, if that is what it carries.
  public var json: JSONValue? {
    if case .json(let value) = self { value } else { nil }
  }
}

extension MessageData: ExpressibleByStringInterpolation {
  /// Text.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension MessageData: ExpressibleByArrayLiteral {
  /// A JSON array.
  public init(arrayLiteral elements: JSONValue...) { self = .json(.array(elements)) }
}

extension MessageData: ExpressibleByDictionaryLiteral {
  /// A JSON object. The last of two equal names wins; a literal that repeats one is a slip, not hostile input.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .json(.object(Dictionary(elements, uniquingKeysWith: { $1 })))
  }
}
