internal import AblyTokens
internal import ArgumentParser
internal import Foundation

/// What a token should be able to do, on the command line.
struct TokenParamsOptions: ParsableArguments {
  @Option(help: "The identity bound to the token; '*' lets its holder take any.")
  var clientId: String?

  @Option(
    help: ArgumentHelp("What the token may do, such as '{\"chat:*\":[\"publish\"]}'.", valueName: "json"))
  var capability: String?

  // Unconditionally: of a value below zero the parser would say that there is none.
  @Option(
    parsing: .unconditional, help: "How long the token lives: 90s, 1h, 500ms; a bare number is milliseconds.")
  var ttl: DurationArgument?

  @Option(
    help: ArgumentHelp("The time of the request instead of now, in milliseconds since 1970.", valueName: "ms")
  )
  var timestamp: Int64?

  @Option(help: "The value used once, instead of a random one.")
  var nonce: String?

  /// The parameters; `nil` when none was given, so that the client's defaults apply.
  var params: TokenParams? {
    let given: [Any?] = [clientId, capability, ttl, timestamp, nonce]
    guard given.contains(where: { $0 != nil }) else { return nil }
    var params = TokenParams(
      ttl: ttl?.duration, clientId: clientId, timestamp: timestamp.map(Milliseconds.date), nonce: nonce)
    params.capabilityText = capability
    return params
  }
}
