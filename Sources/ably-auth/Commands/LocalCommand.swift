internal import AblyService
internal import AblyTokens
internal import ArgumentParser
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// Runs an Ably-compatible service on this machine.
struct LocalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Run an Ably-compatible service on this machine, for development and tests.",
    discussion: """
      Without a key it makes an app with one key and prints it. Stop it with Ctrl-C or SIGTERM. Point any Ably \
      client at it by its host and port, with TLS off.

      Everything is kept in memory, or with --data-dir on disk: apps, keys, revocations and used nonces (not \
      messages). What was acknowledged then survives any end. Keys of the directory stay valid; a key that is \
      given takes the place of one of its name; a key that was made is printed again.

      With --postgres it is a node of a cluster: all nodes on that database share these, and messages, presence \
      and connections as well, so that a client may go on at any of them. See docs/operations.md.
      """)

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port = 8080

  @Option(
    help: ArgumentHelp(
      "A key it knows, with its capability if not all.", valueName: "appId.keyId:secret[=json]"))
  var key: [String] = []

  @Option(help: ArgumentHelp("A key whose tokens can be revoked.", valueName: "appId.keyId:secret[=json]"))
  var revocableKey: [String] = []

  @Option(
    help: ArgumentHelp("Forget this stored key for good; its tokens end.", valueName: "appId.keyId"))
  var removeKey: [String] = []

  @Option(help: ArgumentHelp("Keep apps, keys, revocations and nonces here.", valueName: "directory"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "Share them, messages, presence and connections with other nodes in this PostgreSQL, as libpq takes it.",
      valueName: "url")
  )
  var postgres: String?

  @Option(help: ArgumentHelp("The certificate to speak TLS with, in PEM form.", valueName: "file"))
  var tlsCert: String?

  @Option(help: ArgumentHelp("The certificate's private key, in PEM form.", valueName: "file"))
  var tlsKey: String?

  @OptionGroup(title: "Limits") var limits: LimitOptions

  @Flag(help: "Listen without TLS although other machines can reach the address.")
  var allowPublicPlainText = false

  @Option(
    help: ArgumentHelp(
      "Who may make apps (POST /apps): loopback, anybody or nobody (default: loopback).", valueName: "who"),
    transform: LocalCommand.appMakers)
  var apps = AppMakers.loopback

  @Flag(
    help:
      "Let this machine look into the service, on the page /console, and make it fail on purpose, under /admin."
  )
  var admin = false

  @Flag(help: "Print what happens as lines of JSON.")
  var json = false

  @Flag(help: "Log each request on stderr.")
  var verbose = false

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("A port is a number from 0 to 65535.") }
    guard (tlsCert == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key belong together.")
    }
    guard dataDir == nil || postgres == nil else {
      throw ValidationError("Give --data-dir or --postgres, not both.")
    }
  }

  func run() async throws {
    let given = try WrongUsage.unless(serviceKeys)
    let realtimeLimits = limits.realtimeLimits
    try WrongUsage.unless(realtimeLimits.check)
    let store = try await LocalStore.open(directory: dataDir, postgres: postgres)
    let keys: StartingKeys
    do throws(ErrorInfo) {
      keys = try await StartingKeys(
        given: given, removed: removeKey, store: store, limits: realtimeLimits)
    } catch {
      await store.close()
      throw StartFailure(error)
    }
    keys.remarks.forEach(Terminal.say)
    keys.core.appMakers = apps
    var configuration = ServerConfiguration(
      host: host, port: port, allowsPublicPlainText: allowPublicPlainText)
    limits.apply(to: &configuration)
    if let tlsCert, let tlsKey { configuration.tls = .init(certificatePath: tlsCert, keyPath: tlsKey) }
    var logger = Logger(label: "ably-auth", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = verbose ? .debug : .warning
    let server = try WrongUsage.unless { [configuration, json, admin, logger, keys] () throws(ErrorInfo) in
      if admin { keys.core.enableAdministration() }
      keys.core.serve(Console.pages(isAdministered: admin))
      return try AblyServer(core: keys.core, configuration: configuration, logger: logger) { address in
        json ? Self.announceJSON(address, keys.made) : Self.announce(address, keys.made)
      }
    }
    do { try await Self.serve([StoreFollower(keys.core), server], logger) } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  /// How long those who are connected may take to be done once the service is to stop; who is not is cut off.
  private static let stoppingTime: Duration = .seconds(20)

  private static func serve(_ services: [any Service], _ logger: Logger) async throws {
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.ofServices)
    group.maximumGracefulShutdownDuration = stoppingTime
    do {
      try await ServiceGroup(configuration: group).run()
    } catch is CancellationError {
      // Somebody was not done in time.
    } catch let error as ErrorInfo {
      throw StartFailure(error)
    }
  }

  private static func appMakers(_ text: String) throws -> AppMakers {
    guard let makers = AppMakers(rawValue: text) else {
      throw ValidationError("Apps are made for loopback, anybody or nobody.")
    }
    return makers
  }

  private func serviceKeys() throws(ErrorInfo) -> [ServiceKey] {
    var keys: [ServiceKey] = []
    for text in key { keys.append(try Self.serviceKey(text, revocable: false)) }
    for text in revocableKey { keys.append(try Self.serviceKey(text, revocable: true)) }
    if let name = keys.map(\.key.keyName).first(where: removeKey.contains) {
      throw ErrorInfo(
        .badRequest, "the key \(name) is to be known and forgotten",
        remedy: "Name it with --remove-key, or give it with --key or --revocable-key, but not both.")
    }
    try checkRemoved()
    var names: Set<String> = []
    if let twice = keys.first(where: { !names.insert($0.key.keyName).inserted }) {
      throw ErrorInfo(
        .badRequest, "the key \(twice.key.keyName) is given twice",
        remedy: "Give each key once, with --key or with --revocable-key.")
    }
    return keys
  }

  private func checkRemoved() throws(ErrorInfo) {
    // Not repeated here: what follows the colon is the secret.
    guard !removeKey.contains(where: { $0.contains(":") }) else {
      throw ErrorInfo(
        .badRequest, "--remove-key was given a whole key, and takes its name alone",
        remedy: "Leave the colon and the secret away: --remove-key appId.keyId.")
    }
    guard removeKey.isEmpty || dataDir != nil || postgres != nil else {
      throw ErrorInfo(
        .badRequest, "--remove-key forgets a key that is stored, and without a store there is none",
        remedy: "Say where keys are stored, with --data-dir or --postgres.")
    }
  }

  private static func serviceKey(_ text: String, revocable: Bool) throws(ErrorInfo) -> ServiceKey {
    let given = try KeyAndCapability(text)
    return try ServiceKey(
      given.key, capabilityText: given.capabilityText ?? ServiceKey.usualCapabilityText,
      revocableTokens: revocable)
  }

  private static func announceJSON(_ address: BoundAddress, _ made: [ServiceKey]) {
    Terminal.print(
      .object([
        "event": "ready", "host": .string(address.host), "port": .number(JSONNumber(address.port)),
        "tls": .bool(address.isSecure),
        "keys": .array(made.map { .string($0.key.revealed()) }),
      ]))
  }

  private static func announce(_ address: BoundAddress, _ made: [ServiceKey]) {
    Terminal.print("listening on \(address.url)")
    Terminal.print("a page to look into tokens: \(address.url)\(Console.path)")
    for key in made { Terminal.print("a key made by this service: \(key.key.revealed())") }
    guard let key = made.first?.key.revealed() else { return }
    let port = address.isSecure ? "--tls-port \(address.port)" : "--port \(address.port) --no-tls"
    Terminal.say(
      """
      try:
        \(Invocation.name) token --key '\(key)' --endpoint \(address.host) \(port) --client-id bob
        curl -u '\(key)' -H 'Content-Type: application/json' -d '{"name":"hi","data":"there"}' \
      \(address.url)/channels/chat:lobby/messages
      """)
  }
}
