internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// The endpoint as a process: its server, its policy, its log, and the signals that stop and reload it.
struct EndpointProcess {
  let policy: PolicyInForce
  let configuration: EndpointServerConfiguration
  let json: Bool
  let isVerbose: Bool

  func run() async throws {
    let loaded = try await policy.load()
    var logger = Logger(label: "ably-auth", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = isVerbose ? .debug : .warning
    var reloads = logger
    reloads.logLevel = isVerbose ? .debug : .notice
    let figures = FigureBook()
    let audit = AuditWriter(.standardError)
    let endpoint = TokenEndpoint(loaded.setup, audit: audit, metrics: figures)
    let server = try WrongUsage.unless { [configuration, logger, policy, json] () throws(ErrorInfo) in
      try EndpointServer(
        endpoint, pages: policy.pages?(configuration.path, configuration.tls != nil),
        configuration: configuration, metrics: { figures.text }, logger: logger
      ) { host, port in
        Self.announce(host, port, configuration, policy, json: json)
      }
    }
    let reloader = PolicyReloader(endpoint, loader: policy.loader, loaded: loaded, logger: reloads)
    // The last is stopped first: no decision may come after the log has ended.
    let services: [any Service] = [audit, HangUpSignals(reloader: reloader), reloader, server]
    var group = ServiceGroupConfiguration(
      services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.ofServices)
    group.maximumGracefulShutdownDuration = .seconds(20)
    try await StartFailure.unless { [group] in try await ServiceGroup(configuration: group).run() }
  }

  private static func announce(
    _ host: String, _ port: Int, _ configuration: EndpointServerConfiguration, _ policy: PolicyInForce,
    json: Bool
  ) {
    let scheme = configuration.tls == nil ? "http" : "https"
    let url = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)\(configuration.path)"
    let introduction = policy.introduction?(url)
    if configuration.tls == nil, !["127.0.0.1", "::1", "localhost"].contains(host) {
      Terminal.say(
        "warning: logins and tokens travel in plain text here; give --tls-cert and --tls-key, or listen on "
          + "127.0.0.1 behind a proxy that speaks TLS")
    }
    if json {
      let members: [String: JSONValue] = [
        "event": "ready", "host": .string(host), "port": .number(JSONNumber(port)),
      ]
      Terminal.print(.object(members.merging(introduction?.members ?? [:]) { $1 }))
    } else {
      Terminal.print("issuing tokens at \(url)")
      if let introduction { Terminal.print(introduction.text) }
    }
  }
}

/// Puts the policy in force anew on each SIGHUP.
struct HangUpSignals: Service {
  let reloader: PolicyReloader

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      await reloader.reload()
    }
  }
}
