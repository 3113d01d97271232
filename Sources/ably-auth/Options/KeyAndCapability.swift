internal import AblyTokens

/// A key on the command line, and what may follow it: `=` and its capability as a JSON object.
struct KeyAndCapability {
  let key: APIKey

  /// `nil` where none follows.
  let capabilityText: String?

  /// - Throws: 40400 for a malformed key. The capability is not looked into.
  init(_ text: String) throws(ErrorInfo) {
    // A secret may hold a '=', but no '{'.
    guard let start = text.firstRange(of: "={") else {
      key = try APIKey(text)
      capabilityText = nil
      return
    }
    key = try APIKey(String(text[..<start.lowerBound]))
    capabilityText = String(text[text.index(after: start.lowerBound)...])
  }
}
