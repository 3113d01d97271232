internal import AblyTesting
internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import TestSupport
internal import Testing

/// A reloader that runs, and looks by itself.
@Suite(.endsAtLast)
struct TimedReloadTests {
  private let log = LogCapture()

  /// Runs a reloader over a policy and the file of its key.
  private func run(
    _ body: (_ folder: URL, _ ask: () async -> TokenRequest?) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "reload-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.policy("one"), folder, "policy.yaml")
    try write("first.key:secret\n", folder, "key")
    try write(Desk.secret, folder, "login")
    let loader = PolicyLoader(path: folder.appending(path: "policy.yaml").path) { _ in nil }
    let loaded = try await loader.load()
    let endpoint = TokenEndpoint(loaded.setup, audit: AuditCapture(), now: { Desk.now })
    let reloader = PolicyReloader(
      endpoint, loader: loader, loaded: loaded, interval: .milliseconds(5), logger: log.logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await reloader.run() }
      defer { tasks.cancelAll() }
      try await body(folder) {
        await endpoint.respond(
          to: EndpointRequest(
            method: .get, target: "/auth", headerFields: [.authorization: "Bearer \(Login.token())"])
        ).tokenRequest
      }
    }
  }

  private static func policy(_ channel: String) -> String {
    """
    callers: { jwt: { secret-file: login, issuer: "https://login.example", audience: chat } }
    keys: { only: { key-file: key } }
    rules: [{ clientId: "{sub}", capability: { "\(channel)": [publish] } }]
    """
  }

  // At once, as whoever deploys a file should: never half of it.
  private func write(_ text: String, _ folder: URL, _ name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
  }

  @Test("a policy that changes is put in force by itself")
  func policy() async throws {
    try await run { folder, ask in
      #expect(await ask()?.capabilityText == #"{"one":["publish"]}"#)
      try write(Self.policy("two"), folder, "policy.yaml")
      await log.next(containing: "the policy was replaced")
      #expect(await ask()?.capabilityText == #"{"two":["publish"]}"#)
    }
  }

  @Test("a key that changes in its file signs from then on, without a restart")
  func key() async throws {
    try await run { folder, ask in
      #expect(await ask()?.keyName == "first.key")
      try write("second.key:secret", folder, "key")
      await log.next(containing: "the policy was replaced")
      #expect(await ask()?.keyName == "second.key")
    }
  }

  @Test("a broken file is told once, the old policy stays, and what mends it is put in force")
  func broken() async throws {
    try await run { folder, ask in
      try write("no key at all", folder, "key")
      await log.next(containing: "the old one stays")
      #expect(await ask()?.keyName == "first.key")
      try write("third.key:secret", folder, "key")
      await log.next(containing: "the policy was replaced")
      #expect(await ask()?.keyName == "third.key")
      #expect(log.lines.count { $0.contains("the old one stays") } == 1)
      #expect(!log.lines.joined().contains("secret"))
    }
  }

  @Test("the login's secret is read anew too")
  func login() async throws {
    try await run { folder, ask in
      #expect(await ask() != nil)
      try write("another-secret-another-secret-another", folder, "login")
      await log.next(containing: "the policy was replaced")
      #expect(await ask() == nil)
    }
  }
}
