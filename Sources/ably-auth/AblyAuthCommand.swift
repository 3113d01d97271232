internal import AblyAuth
internal import ArgumentParser

/// `ably-auth` and its commands.
struct AblyAuthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ably-auth",
    abstract:
      "Sign, obtain, inspect and try Ably tokens, and run an Ably-compatible service on this machine.",
    discussion: """
      An independent implementation, not an Ably product. Results go to stdout, talk to stderr.
      Exit codes: 0 done; 1 the answer is no, or the service refused; 2 wrong usage; 3 the service could not be \
      reached.
      """,
    version: Agent.version,
    subcommands: [
      TokenRequestCommand.self, TokenCommand.self, JWTCommand.self, InspectCommand.self, CanCommand.self,
      RevokeCommand.self, TimeCommand.self, RequestCommand.self, SessionCommand.self, ServeCommand.self,
      LocalCommand.self,
      QuickstartCommand.self,
    ])
}
