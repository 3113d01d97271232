internal import AblyTokens
internal import ArgumentParser
internal import Foundation

/// Mints an Ably JWT, without any network.
struct JWTCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jwt", abstract: "Mint an Ably JWT with an API key, on this machine.",
    discussion: "Prints the token alone on a line; with --json, the token and its claims.")

  @OptionGroup var keyOption: KeyOption

  @Option(help: "The identity bound to the token; '*' lets its holder take any.")
  var clientId: String?

  @Option(
    help: ArgumentHelp("What the token may do, such as '{\"chat:*\":[\"publish\"]}'.", valueName: "json"))
  var capability: String?

  // Unconditionally: of a value below zero the parser would say that there is none.
  @Option(
    parsing: .unconditional, help: "How long the token lives (1h): 90s, 1h; a bare number is milliseconds.")
  var ttl: DurationArgument?

  @Option(help: "A name under which this token and others can be revoked together.")
  var revocationKey: String?

  @Option(
    help: ArgumentHelp("What others on a channel can read about the bearer.", valueName: "channel=value"))
  var channelClaim: [String] = []

  @Option(help: ArgumentHelp("How many messages a second may be published.", valueName: "channel=n"))
  var publishRate: [String] = []

  @Flag(help: "The key has revocable tokens: refuse a life of more than an hour.")
  var revocable = false

  @Flag(help: "Print the token and its claims as one line of JSON.")
  var json = false

  func run() throws {
    let signer = AblyJWTSigner(key: try keyOption.requiredKey())
    let claims = try claims()
    let jwt = try WrongUsage.unless { () throws(ErrorInfo) in
      try signer.mint(claims, keyIsRevocable: revocable)
    }
    for case .headerTooLarge(let bytes) in jwt.warnings {
      Terminal.say(
        "warning: the Authorization header takes \(bytes) bytes with this token, over the usual limit of "
          + "\(AblyJWT.headerLimit); use 'ably-auth token' for a large capability")
    }
    if let capability { Terminal.noteUnlessServed(capability) }
    if json {
      Terminal.print(.object(["token": .string(jwt.token), "claims": try jwt.claims.json()]))
    } else {
      Terminal.print(jwt.token)
    }
  }

  private func claims() throws -> AblyJWT.Claims {
    // An empty one is none, as in a TokenRequest.
    var claims = AblyJWT.Claims(
      ttl: ttl?.duration ?? .seconds(3600), clientId: clientId?.isEmpty == true ? nil : clientId,
      revocationKey: revocationKey)
    claims.capabilityText = capability
    for claim in channelClaim {
      let (channel, value) = try Self.split(claim, "--channel-claim")
      claims.channelClaims[channel] = value
    }
    for rate in publishRate {
      let (channel, value) = try Self.split(rate, "--publish-rate")
      guard let count = Int(value), count >= 0 else {
        throw ValidationError("--publish-rate needs a whole number after its '='.")
      }
      claims.publishRates[channel] = count
    }
    return claims
  }

  // Channel names may hold a '='; values of claims more often do.
  private static func split(_ text: String, _ option: String) throws -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ValidationError("\(option) needs the form channel=value.")
    }
    return (String(parts[0]), String(parts[1]))
  }
}
