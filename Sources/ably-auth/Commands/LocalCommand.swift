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
      Without a key it makes an app with one key and prints it. Everything is kept in memory. Stop it with \
      Ctrl-C or SIGTERM. Point any Ably client at it by its host and port, with TLS off.
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

  @Option(help: ArgumentHelp("The certificate to speak TLS with, in PEM form.", valueName: "file"))
  var tlsCert: String?

  @Option(help: ArgumentHelp("The certificate's private key, in PEM form.", valueName: "file"))
  var tlsKey: String?

  @Flag(help: "Listen without TLS although other machines can reach the address.")
  var allowPublicPlainText = false

  @Flag(help: "Print what happens as lines of JSON.")
  var json = false

  @Flag(help: "Log each request on stderr.")
  var verbose = false

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("A port is a number from 0 to 65535.") }
    guard (tlsCert == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key belong together.")
    }
  }

  func run() async throws {
    let keys = try WrongUsage.unless(serviceKeys)
    let made = keys.isEmpty ? try ServiceKey.random() : nil
    var configuration = ServerConfiguration(
      host: host, port: port, allowsPublicPlainText: allowPublicPlainText)
    if let tlsCert, let tlsKey { configuration.tls = .init(certificatePath: tlsCert, keyPath: tlsKey) }
    var logger = Logger(label: "ably-auth", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = verbose ? .debug : .warning
    let server = try WrongUsage.unless { [configuration, json, logger] () throws(ErrorInfo) in
      let core = try ServiceCore(keys: keys + [made].compactMap(\.self))
      return try AblyServer(core: core, configuration: configuration, logger: logger) { address in
        json ? Self.announceJSON(address, made) : Self.announce(address, made)
      }
    }
    try await ServiceGroup(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
    ).run()
  }

  private func serviceKeys() throws(ErrorInfo) -> [ServiceKey] {
    var keys: [ServiceKey] = []
    for text in key { keys.append(try Self.serviceKey(text, revocable: false)) }
    for text in revocableKey { keys.append(try Self.serviceKey(text, revocable: true)) }
    return keys
  }

  /// A key, and what may follow it: `=` and its capability as a JSON object.
  private static func serviceKey(_ text: String, revocable: Bool) throws(ErrorInfo) -> ServiceKey {
    // A secret may hold a '=', but no '{'.
    guard let start = text.range(of: "={") else {
      return try ServiceKey(APIKey(text), revocableTokens: revocable)
    }
    return try ServiceKey(
      APIKey(String(text[..<start.lowerBound])),
      capabilityText: String(text[text.index(after: start.lowerBound)...]), revocableTokens: revocable)
  }

  private static func announceJSON(_ address: BoundAddress, _ made: ServiceKey?) {
    Terminal.print(
      .object([
        "event": "ready", "host": .string(address.host), "port": .number(JSONNumber(address.port)),
        "tls": .bool(address.isSecure),
        "keys": .array([made].compactMap { $0.map { .string($0.key.revealed()) } }),
      ]))
  }

  private static func announce(_ address: BoundAddress, _ made: ServiceKey?) {
    Terminal.print("listening on \(address.url)")
    guard let made else { return }
    let key = made.key.revealed()
    Terminal.print("a key made for this run: \(key)")
    Terminal.say(
      """
      try:
        ably-auth token --key '\(key)' --endpoint \(address.host) --port \(address.port) --no-tls --client-id bob
        curl -u '\(key)' -H 'Content-Type: application/json' -d '{"name":"hi","data":"there"}' \
      \(address.url)/channels/chat:lobby/messages
      """)
  }
}
