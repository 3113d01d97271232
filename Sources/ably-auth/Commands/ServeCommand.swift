internal import AblyTokenEndpoint
internal import AblyTokens
internal import ArgumentParser

/// Issues tokens to clients that must not hold a key.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Issue tokens to less trusted clients, by a policy: what a client's authUrl points at.",
    discussion: """
      Verifies who asks and gives them what the policy grants, narrowed to what they ask for. One line of JSON on \
      stderr for each decision. /health, /ready and /metrics stand beside the endpoint. SIGHUP, or a change of the \
      file, puts a new policy in force; a broken one is refused, and the old one stays. Stop it with Ctrl-C or \
      SIGTERM.

      Each option in brackets can stand in the environment instead.
      """)

  @Option(help: ArgumentHelp("The policy to serve by. [ABLY_SERVE_POLICY]", valueName: "file"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "Explain what each rule of a policy grants, try it on sample claims, and end.", valueName: "file"))
  var check: String?

  @Option(help: ArgumentHelp("With --check: try the policy on these claims too.", valueName: "json"))
  var claims: [String] = []

  @Flag(help: "Serve a policy made up for this run, to try it beside `ably-auth local`; needs nothing.")
  var dev = false

  @OptionGroup var keyOption: KeyOption
  @OptionGroup var place: ServePlaceOptions
  @OptionGroup var upstream: ServeUpstreamOptions

  @Flag(help: "Print what happens as lines of JSON.")
  var json = false

  @Flag(help: "Log more on stderr.")
  var verbose = false

  func validate() throws {
    guard [check != nil, dev, policy != nil].count(where: \.self) < 2 else {
      throw ValidationError("--check, --dev and --policy exclude each other.")
    }
    guard claims.isEmpty || check != nil else { throw ValidationError("--claims belongs to --check.") }
    try place.check()
  }

  func run() async throws {
    if let check {
      return try await PolicyCheck(path: check, claims: claims, key: try entry(givenKey), json: json).run()
    }
    if dev {
      return try await DevelopmentServe.run { loader in
        try await serve(loader)
      } key: {
        // One of the environment is for real clients: what is made up here must not sign with it.
        try keyOption.text.map(entry)
      }
    }
    guard let path = policy ?? ServeEnvironment["policy"] else {
      throw ValidationError("Give a policy with --policy, or try one with --dev.")
    }
    let key = try entry(givenKey)
    try await serve(
      PolicyInForce(
        loader: PolicyLoader(path: path, key: key, obtaining: try upstream.obtaining(place.ablyPort)),
        path: path,
        introduction: nil))
  }

  private func serve(_ policy: PolicyInForce) async throws {
    try await EndpointProcess(
      policy: policy, configuration: try place.configuration(), json: json, isVerbose: verbose
    ).run()
  }

  private var givenKey: String? { keyOption.text ?? Environment["ABLY_API_KEY"] }

  private func entry(_ text: String?) throws(WrongUsage) -> KeyRing.Entry? {
    guard let text else { return nil }
    return try entry(text)
  }

  private func entry(_ text: String) throws(WrongUsage) -> KeyRing.Entry {
    try WrongUsage.unless { () throws(ErrorInfo) -> KeyRing.Entry in
      let given = try KeyAndCapability(text)
      guard let capability = given.capabilityText else { return KeyRing.Entry(key: given.key) }
      return KeyRing.Entry(key: given.key, capability: try Capability(strict: capability))
    }
  }
}
