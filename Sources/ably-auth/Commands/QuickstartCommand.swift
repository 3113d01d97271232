internal import ArgumentParser

/// The whole story on this machine, with nothing to configure.
struct QuickstartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quickstart",
    abstract:
      "See the whole story run on this machine, from a signed request to a live client that is revoked.",
    discussion: """
      Starts a service and a token endpoint on free ports of this machine, plays a trusted server and untrusted \
      clients against them over real HTTP and WebSockets, shows what travels, and stops them: sign, exchange, \
      publish, be refused; connect through the endpoint, get a wider token in place, be renewed, be revoked. Exit \
      code 0 only if every step went as expected.
      """)

  func run() async throws {
    try await Quickstart().run()
  }
}
