package import AblyTokens

/// One answer as the core gives it.
package struct ServiceResponse: Sendable {
  package var status: Int

  /// Header fields beside those of the body, in order; a name may come more than once.
  package var headers: [(name: String, value: String)]

  package var body: JSONValue

  /// What goes out instead of ``body``: a text of another media type.
  package var text: (String, mediaType: String)?

  /// The code of the refusal, for the log.
  package var errorCode: ErrorInfo.Code?

  /// Whether the connection ends instead, because a fault rule wants it so.
  package var isDropped = false

  /// Whether no error happened, whatever the status: somebody asked for the state of the service.
  package var isExpected = false

  package init(_ status: Int, _ body: JSONValue, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A refusal: Ably's body, and its two headers for clients that look no further.
  package init(refusing error: ErrorInfo) {
    var error = error
    if !(400...599).contains(error.statusCode) { error.statusCode = 500 }
    self.init(error.statusCode, error.errorBody)
    errorCode = error.code
    headers = [
      ("X-Ably-ErrorCode", String(error.code.rawValue)),
      ("X-Ably-ErrorMessage", Self.headerText(error.message)),
    ]
    if status == 503 { headers.append(Self.retryHint) }
    if status == 401 {
      headers += ["Basic", "Bearer"].map { ("WWW-Authenticate", "\($0) realm=\"Ably\"") }
    }
  }

  /// Of a 503: after how many seconds it may be another answer.
  static let retryHint = (name: "Retry-After", value: "1")

  /// Visible ASCII only: a message may quote what a peer sent, and a line break would start a header.
  static func headerText(_ text: String) -> String {
    let safe = text.unicodeScalars.prefix(512).map { scalar in
      (0x20...0x7E).contains(scalar.value) ? Character(scalar) : "?"
    }
    return String(safe)
  }

  /// The values of a header, whatever the case of its name.
  package func values(of name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }
}
