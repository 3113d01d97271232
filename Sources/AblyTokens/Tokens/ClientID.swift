/// The rules for the identity a token carries.
package enum ClientID {
  /// The identity that may take any other (TD6).
  package static let wildcard = "*"

  /// Checks an identity asked for in a token. Empty counts as none.
  ///
  /// - Throws: 40012 for a line feed, and for a `*` beside other characters.
  package static func check(_ clientId: String) throws(ErrorInfo) {
    guard clientId.holds(0x0A, or: UInt8(ascii: "*")) else { return }
    guard !clientId.holds(0x0A) else {
      throw ErrorInfo(
        .invalidClientId, "the client id holds a line feed", statusCode: 400,
        remedy: "Take line feeds out of client ids: they separate the values that a token request signs.")
    }
    guard clientId == wildcard || !clientId.holds(UInt8(ascii: "*")) else {
      throw ErrorInfo(
        .invalidClientId, "the client id holds a '*' beside other characters", statusCode: 400,
        remedy: "Use '*' alone for a token that may take any identity, or no '*' at all.")
    }
  }
}

extension String {
  /// Whether an ASCII character stands in the text, without a detour through characters.
  func holds(_ byte: UInt8) -> Bool { withStoredUTF8 { $0.contains(byte) } }
}
