extension JSONValue {
  /// The member `name` as a string; `nil` when it is absent or `null`.
  ///
  /// - Throws: 40000 when it is something else.
  package func optionalText(_ name: String, of what: String) throws(ErrorInfo) -> String? {
    guard let value = self[name] else { return nil }
    guard let text = value.string else {
      throw ErrorInfo(.badRequest, "the \(name) of a \(what) must be a string")
    }
    return text
  }

  /// The member `name` as a string that is not empty.
  ///
  /// - Throws: 40000 when it is absent, empty or something else.
  package func requiredText(_ name: String, of what: String) throws(ErrorInfo) -> String {
    guard let text = try optionalText(name, of: what), !text.isEmpty else {
      throw ErrorInfo(.badRequest, "the \(what) has no \(name)")
    }
    return text
  }
}
