internal import AblyTokens
internal import ArgumentParser

/// Signs a token request, without any network.
struct TokenRequestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token-request", abstract: "Sign a TokenRequest with an API key, on this machine.",
    discussion:
      "Prints it as one line of JSON. It can be exchanged once, within two minutes, by anybody who holds it.")

  @OptionGroup var keyOption: KeyOption
  @OptionGroup var tokenParams: TokenParamsOptions

  func run() throws {
    let signer = TokenRequestSigner(key: try keyOption.requiredKey())
    let request = try WrongUsage.unless { () throws(ErrorInfo) in
      try signer.sign(tokenParams.params ?? TokenParams())
    }
    if let capability = request.capabilityText { Terminal.noteUnlessServed(capability) }
    Terminal.print(request.jsonText)
  }
}
