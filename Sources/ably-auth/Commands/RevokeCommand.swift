internal import AblyAuth
internal import AblyTokens
internal import ArgumentParser

/// Revokes tokens.
struct RevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Revoke tokens that a key issued.",
    discussion: "Prints a line per target; the exit code is 1 when one could not be revoked.")

  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The identity whose tokens to revoke; may be repeated.")
  var clientId: [String] = []

  @Option(help: "The revocation key of the tokens to revoke; may be repeated.")
  var revocationKey: [String] = []

  @Option(help: "The channel that the tokens to revoke name; may be repeated.")
  var channel: [String] = []

  @Option(help: ArgumentHelp("Only tokens issued before this, in milliseconds since 1970.", valueName: "ms"))
  var issuedBefore: Int64?

  @Flag(help: "Give connections half a minute to bring another token.")
  var allowReauthMargin = false

  @Flag(help: "Print each target as one line of JSON.")
  var json = false

  private var targets: [TokenRevocationTargetSpecifier] {
    clientId.map { .clientId($0) } + revocationKey.map { .revocationKey($0) } + channel.map { .channel($0) }
  }

  func validate() throws {
    guard !targets.isEmpty else {
      throw ValidationError("Say which tokens: --client-id, --revocation-key or --channel.")
    }
  }

  func run() async throws {
    let result = try await client().auth.revokeTokens(
      targets, issuedBefore: issuedBefore.map(Milliseconds.date),
      allowReauthMargin: allowReauthMargin ? true : nil)
    for target in result.results { Terminal.print(try line(target)) }
    guard result.failureCount == 0 else { throw ExitCode(1) }
  }

  private func client() throws(WrongUsage) -> RESTClient {
    do { return try connection.client() } catch {
      guard error.error.code == .basicAuthOverInsecureTransport else { throw error }
      // No token will do here, so advice to use one would lead nowhere.
      var error = error.error
      error.remedy = """
        Leave --no-tls away: tokens are revoked with the key itself. To a service on this very machine \
        --insecure-basic-on-loopback sends the key all the same.
        """
      throw WrongUsage(error: error)
    }
  }

  private func line(
    _ result: Result<TokenRevocationSuccessResult, TokenRevocationFailureResult>
  ) throws(ErrorInfo) -> String {
    if json { return try BatchResult.json(result).text }
    switch result {
    case .success(let success):
      return "\(PeerText.line(success.target))  revoked, from \(TimeText.of(success.appliesAt)) on"
    case .failure(let failure):
      return "\(PeerText.line(failure.target))  NOT revoked: \(failure.error)"
    }
  }
}
