internal import AblyTesting
internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import Testing

/// Files that change while they are read, and files that come later.
@Suite struct ReloadingTests {
  private func inFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "reloading-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  private static func policy(_ key: String) -> String {
    """
    callers: { jwt: { secret-env: LOGIN_SECRET } }
    keys: { only: { \(key) } }
    rules: [{ clientId: "{sub}", capability: { chat: [publish] } }]
    """
  }

  private static func write(_ text: String, _ url: URL) throws {
    try Data(text.utf8).write(to: url, options: .atomic)
  }

  @Test("a policy that is written while it is read is read again")
  func race() async throws {
    let figures = FigureBook()
    try await inFolder { folder in
      let url = folder.appending(path: "policy.yaml")
      try Self.write(Self.policy("key-env: KEY"), url)
      let environment: @Sendable (String) -> String? = { name in
        // Whoever reads this variable was too early: the rest arrives now.
        if name == "UNFINISHED" { try? Self.write(Self.policy("key-env: KEY"), url) }
        return ["LOGIN_SECRET": Desk.secret, "KEY": "a.b:c"][name]
      }
      let loader = PolicyLoader(path: url.path, environment: environment)
      let loaded = try await loader.load()
      let reloader = PolicyReloader(
        TokenEndpoint(loaded.setup, metrics: figures), loader: loader, loaded: loaded,
        logger: LogCapture().logger)
      try Self.write(Self.policy("key-env: UNFINISHED"), url)
      guard case .refused = await reloader.reloadIfChanged() else {
        Issue.record("a variable is missing")
        return
      }
      #expect(await reloader.reloadIfChanged() == .replaced)
      #expect(await reloader.reloadIfChanged() == .unchanged)
    }
    for outcome in ["refused", "replaced"] {
      #expect(figures.text.contains("ably_token_endpoint_reloads_total{outcome=\"\(outcome)\"} 1\n"))
    }
  }

  @Test("a file that a policy names and that comes after it puts the policy in force")
  func later() async throws {
    try await inFolder { folder in
      let url = folder.appending(path: "policy.yaml")
      try Self.write(Self.policy("key-env: KEY"), url)
      let loader = PolicyLoader(path: url.path) { ["LOGIN_SECRET": Desk.secret, "KEY": "a.b:c"][$0] }
      let loaded = try await loader.load()
      let reloader = PolicyReloader(
        TokenEndpoint(loaded.setup), loader: loader, loaded: loaded, logger: LogCapture().logger)
      try Self.write(Self.policy("key-file: new"), url)
      guard case .refused = await reloader.reloadIfChanged() else {
        Issue.record("the key is not there")
        return
      }
      #expect(await reloader.reloadIfChanged() == .unchanged)
      try Self.write("c.d:e", folder.appending(path: "new"))
      #expect(await reloader.reloadIfChanged() == .replaced)
    }
  }

  @Test("keys of an identity provider without an audience or issuer are warned about, with the line")
  func audience() async throws {
    try await inFolder { folder in
      let url = folder.appending(path: "policy.yaml")
      func warnings(_ checks: String) async throws -> [PolicyProblem] {
        let text = """
          callers:
            jwt: { jwks-url: "https://login.example/keys"\(checks) }
          rules: [{ clientId: "{sub}", capability: { chat: [publish] } }]
          """
        try Self.write(text, url)
        let key = KeyRing.Entry(key: try APIKey(Desk.key))
        return try await PolicyLoader(path: url.path, key: key).load().warnings
      }
      #expect(try await warnings(#", issuer: "https://login.example", audience: chat"#).isEmpty)
      let one = try await warnings(#", issuer: "https://login.example""#)
      #expect(one.map(\.line) == [2])
      #expect(one.first?.message.contains("no audience") == true)
      #expect(try await warnings("").first?.message.contains("no audience and no issuer") == true)
    }
  }
}
