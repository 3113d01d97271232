internal import AblyTokens
internal import HTTPTypes

extension AuthAnswer {
  /// Reads what an auth server answered with status 200 to 299 (RSA8c).
  ///
  /// - Throws: ``Unusable`` for a content type that is none of the three (RSA4f), and for text that is no
  ///   JSON where it claims to be.
  init(_ reply: HTTPReply) throws(Unusable) {
    let type = reply.response.headerFields[.contentType]
    switch type.map(MediaType.essence) {
    case "text/plain", "application/jwt":
      guard let text = String(validating: reply.body, as: UTF8.self) else {
        throw Unusable("it is not UTF-8")
      }
      self = .token(String(text.trimmingLines))
    case MediaType.json:
      do throws(ErrorInfo) {
        self = .json(try JSONValue(parsing: reply.body))
      } catch {
        throw Unusable(reply.body.isEmpty ? "it is empty" : "it is not JSON: \(error.message)")
      }
    case nil: throw Unusable("it has no content type")
    default:
      throw Unusable(
        """
        its content type is '\(PeerText.line(type ?? "", maximumCount: 128))', not application/json, \
        text/plain or application/jwt
        """)
    }
  }
}

extension String {
  /// Without the line ends and blanks that scripts leave around a token.
  fileprivate var trimmingLines: Substring {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
