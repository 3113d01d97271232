internal import AblyTokens

/// What a client shows to take up its connection again (CD2b): `connectionId!secret`.
struct ConnectionKey: Sendable {
  let connectionId: String
  let secret: Secret

  private static let maximumBytes = 4096

  init(connectionId: String, secret: Secret) {
    self.connectionId = connectionId
    self.secret = secret
  }

  /// A new one, for a new connection.
  init(random: Randomness.Source) {
    self.init(connectionId: Base64.url.encode(random(9)), secret: Secret(Base64.url.encode(random(18))))
  }

  var text: Secret { Secret("\(connectionId)!\(secret.text)") }

  /// Whether it is short enough for ``init(reading:)``.
  var isReadable: Bool { connectionId.utf8.count + 1 + secret.text.utf8.count <= Self.maximumBytes }

  /// Reads the `resume` or `recover` of a client.
  ///
  /// - Throws: 80008 for a text that cannot be read at all, 80018 for one that is no key of this service.
  init(reading text: String) throws(ErrorInfo) {
    guard !text.isEmpty, text.utf8.count <= Self.maximumBytes,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw ErrorInfo(.connectionRecoveryFailed, "the connection key cannot be read", statusCode: 400)
    }
    let id = text.prefix { $0 != "!" }
    guard id.count < text.count else { throw Self.unknown }
    self.init(connectionId: String(id), secret: Secret(String(text.dropFirst(id.count + 1))))
  }

  /// A connection that is not known, or not any more.
  static let unknown = ErrorInfo(
    80018, "the connection is not known here, or not any more", statusCode: 400,
    remedy: "Go on with the new connection; attach its channels again.")
}
