internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import Hummingbird
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// Serves what is measured, each on a port of its own, and prints one line of JSON once all listen. What measures is
/// `Scripts/bench-endpoint`.
///
/// Callers are known by a header of this machine, so that what is measured is the endpoint, as far as it goes
/// without the login; `login` verifies a JWT as well.
@main
enum BenchEndpoint {
  static let key = "demo00.key000:only-for-this-machine"
  static let secret = "login-secret-of-the-benchmark-0123456789"

  static func main() async throws {
    let gateway = try GatewayCallers(header: "X-User", from: [Network("127.0.0.0/8")].compactMap(\.self))
    let login = try SecretCallers(secret: secret)
    // As `ably-auth serve` does, to a file that keeps nothing.
    let audit = AuditWriter(FileHandle.nullDevice)
    let logger = Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })
    let (ports, announced) = AsyncStream.makeStream(of: (name: String, port: Int).self)
    func server(_ name: String, _ callers: any CallerVerifier, _ form: TokenForm) throws -> EndpointServer {
      let setup = try EndpointSetup(
        callers: [callers], policy: Everybody(), keys: KeyRing(APIKey(key)), form: form)
      return try EndpointServer(
        TokenEndpoint(setup, audit: audit), configuration: EndpointServerConfiguration(port: 0),
        logger: logger, onRunning: { _, port in announced.yield((name, port)) })
    }
    let router = Router()
    router.get("/constant") { _, _ in "ok\n" }
    let hummingbird = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { announced.yield(("hummingbird", $0.localAddress?.port ?? 0)) }, logger: logger)
    let services: [any Service] = [
      audit,
      try server("request", gateway, .request), try server("jwt", gateway, .jwt),
      try server("login", login, .request),
      hummingbird,
    ]
    let group = ServiceGroup(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      var all: [String: JSONValue] = [:]
      for await (name, port) in ports {
        all[name] = .number(JSONNumber(port))
        if all.count == services.count - 1 { break }
      }
      FileHandle.standardOutput.write(Data("\(JSONValue.object(all).text)\n".utf8))
      try await tasks.waitForAll()
    }
  }

  /// Grants what a chat needs, by rules that are code.
  private struct Everybody: TokenPolicy {
    func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
      decide(caller)
    }

    func promptDecision(
      for caller: Caller, asking wish: TokenWish
    ) throws(ErrorInfo) -> Promptly<PolicyDecision> { .now(decide(caller)) }

    private func decide(_ caller: Caller) -> PolicyDecision {
      .grant(TokenGrant(clientId: caller.subject, capability: ["chat:*": [.publish, .subscribe]]))
    }
  }

}
