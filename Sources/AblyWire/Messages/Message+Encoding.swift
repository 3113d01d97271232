public import AblyTokens

extension Message {
  /// Turns the data into text, as JSON carries it, and adds what was done to ``encoding`` (RSL4d).
  ///
  /// - Throws: 40013 for a JSON value that is neither an object nor an array (RSL4a).
  public mutating func encode() throws(ErrorInfo) {
    try data?.check()
    switch data {
    case nil, .string: return
    case .binary(let bytes): apply("base64", Base64.standard.encode(bytes))
    case .json(let value): apply("json", value.text)
    }
  }

  private mutating func apply(_ step: String, _ text: String) {
    data = .string(text)
    encoding = encoding.map { "\($0)/\(step)" } ?? step
  }
}

extension MessageData {
  /// Refuses what no message can carry (RSL4a).
  ///
  /// - Throws: 40013 for a JSON value that is neither an object nor an array.
  package func check() throws(ErrorInfo) {
    guard case .json(let value) = self else { return }
    switch value {
    case .object, .array: return
    default:
      throw ErrorInfo(
        .invalidDataOrEncoding, "the data of a message is neither text, bytes, a JSON object nor an array",
        remedy: "Publish the value inside an object, or as text.")
    }
  }
}
