internal import ArgumentParser

/// The whole story on this machine, with nothing to configure.
struct QuickstartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quickstart",
    abstract: "See the whole story run on this machine: sign, exchange, use, be refused.",
    discussion: """
      Starts a service on a free port of this machine, plays a trusted server and an untrusted client against it \
      over real HTTP, shows what travels, and stops it. Exit code 0 only if every step went as expected.
      """)

  func run() async throws {
    try await Quickstart().run()
  }
}
