internal import AblyAuth
internal import AblyTokens
internal import ArgumentParser

/// Obtains a token from the service.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Obtain a token from Ably.",
    discussion:
      "Prints its TokenDetails as one line of JSON. Parameters that are given replace the defaults as a whole."
  )

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var tokenParams: TokenParamsOptions

  func run() async throws {
    if connection.authUrl == nil { _ = try connection.keyOption.requiredKey() }
    let params = tokenParams.params
    try WrongUsage.unless { () throws(ErrorInfo) in try params?.check() }
    let client = try connection.clientWithoutBasicAuth()
    Terminal.print(try await client.auth.requestToken(params).json())
  }
}
