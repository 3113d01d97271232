internal import AblyTokens
internal import HTTPTypes

extension HTTPFields {
  /// Fields that a caller wrote.
  ///
  /// - Throws: 40003 for a name or value that HTTP cannot carry, and for what belongs to the connection.
  init(own fields: [String: String]) throws(ErrorInfo) {
    self.init()
    for (name, value) in fields {
      guard let field = HTTPField.Name(name), HTTPField.isValidValue(value),
        !["host", "content-length", "transfer-encoding", "connection"].contains(field.canonicalName)
      else {
        throw ErrorInfo(
          .invalidParameterValue, "the header fields hold one that cannot be sent",
          remedy: "Take line ends out of names and values, and leave out what HTTP itself sets.")
      }
      self[field] = value
    }
  }
}
