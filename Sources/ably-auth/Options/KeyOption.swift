internal import AblyTokens
internal import ArgumentParser

/// The API key, from the command line or the environment. It is never printed.
struct KeyOption: ParsableArguments {
  @Option(name: .customLong("key"), help: "The API key, appId.keyId:secret. [ABLY_API_KEY]")
  var text: String?

  /// The key; `nil` where none was given.
  func key() throws(WrongUsage) -> APIKey? {
    guard let text = text ?? Environment["ABLY_API_KEY"] else { return nil }
    let key = try WrongUsage.unless { () throws(ErrorInfo) in try APIKey(text) }
    let parts = key.keyName.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count != 2 || parts.contains(where: \.isEmpty) {
      Terminal.say("note: the name of an Ably key is appId.keyId, and '\(PeerText.line(key.keyName))' is not")
    }
    return key
  }

  /// The key, which must have been given.
  func requiredKey() throws -> APIKey {
    guard let key = try key() else {
      throw ValidationError("Give the API key with --key or in the environment variable ABLY_API_KEY.")
    }
    return key
  }
}
