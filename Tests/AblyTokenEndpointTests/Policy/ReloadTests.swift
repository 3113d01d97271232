internal import AblyTesting
internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import Testing

@testable internal import AblyTokenEndpoint

@Suite struct ReloadTests {
  private struct Files {
    let folder: URL
    var path: String { folder.appending(path: "policy.yaml").path }

    func write(_ text: String, _ name: String = "policy.yaml") throws {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
  }

  private func inFolder(_ body: (Files) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "reload-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(Files(folder: folder))
  }

  private func policy(_ channel: String, _ more: String = "") -> String {
    """
    callers: { jwt: { secret-env: LOGIN_SECRET } }
    \(more)
    rules: [{ clientId: "{sub}", capability: { \(channel): [publish] } }]
    """
  }

  private func loader(
    _ path: String, _ environment: @escaping @Sendable (String) -> String? = { _ in nil }
  ) throws -> PolicyLoader {
    PolicyLoader(path: path, key: KeyRing.Entry(key: try APIKey(Desk.key))) { name in
      name == "LOGIN_SECRET" ? Desk.secret : environment(name)
    }
  }

  private func capability(_ endpoint: TokenEndpoint) async -> String? {
    await endpoint.respond(
      to: EndpointRequest(
        method: .get, target: "/auth", headerFields: [.authorization: "Bearer \(Login.token())"])
    ).tokenRequest?.capabilityText
  }

  private func endpoint(_ loaded: LoadedPolicy) -> TokenEndpoint {
    TokenEndpoint(loaded.setup, audit: AuditCapture(), now: { Desk.now })
  }

  @Test("of two reloads at once the one that read later counts, whichever is done first")
  func overtaken() async throws {
    try await inFolder { files in
      try files.write(policy("one"))
      let loader = try loader(files.path)
      let loaded = try await loader.load()
      let endpoint = endpoint(loaded)
      let reloader = PolicyReloader(endpoint, loader: loader, loaded: loaded, logger: LogCapture().logger)
      try files.write(policy("two"))
      let earlier = (number: reloader.begin(), attempt: await loader.attempt())
      try files.write(policy("three"))
      let later = (number: reloader.begin(), attempt: await loader.attempt())
      #expect(reloader.take(later.attempt, later.number) == .replaced)
      #expect(reloader.take(earlier.attempt, earlier.number) == .unchanged)
      #expect(await capability(endpoint) == #"{"three":["publish"]}"#)
      #expect(await reloader.reloadIfChanged() == .unchanged)
    }
  }

  @Test("a login's secret is rotated by two files, of which both count for a while")
  func rotation() async throws {
    try await inFolder { files in
      let (old, new) = (Desk.secret, "another-secret-another-secret-another-s")
      try files.write(old, "old")
      try files.write(policy("one").replacing("secret-env: LOGIN_SECRET", with: "secret-file: [new, old]"))
      let loader = try loader(files.path)
      await #expect(throws: PolicyFileError.self) { try await loader.load() }
      try files.write(new, "new")
      let loaded = try await loader.load()
      let endpoint = endpoint(loaded)
      func status(_ secret: String) async -> Int {
        let request = EndpointRequest(
          method: .get, target: "/auth",
          headerFields: [.authorization: "Bearer \(Login.token(secret: secret))"])
        return await endpoint.respond(to: request).status.code
      }
      for (secret, code) in [(old, 200), (new, 200), (old + new, 401)] {
        #expect(await status(secret) == code)
      }
      let reloader = PolicyReloader(endpoint, loader: loader, loaded: loaded, logger: LogCapture().logger)
      try files.write(policy("one").replacing("secret-env: LOGIN_SECRET", with: "secret-file: new"))
      #expect(await reloader.reloadIfChanged() == .replaced)
      for (secret, code) in [(old, 401), (new, 200)] { #expect(await status(secret) == code) }
    }
  }

  @Test("a link is followed to a file, and not to what has no end")
  func links() async throws {
    try await inFolder { files in
      try files.write("content", "file")
      let link = files.folder.appending(path: "link").path
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: files.folder.appending(path: "file").path)
      #expect(try BoundedFile.read(link, limit: 100) == Array("content".utf8))
      #expect(throws: ErrorInfo.self) { try BoundedFile.read(link, limit: 6) }
      let endless = files.folder.appending(path: "endless").path
      try FileManager.default.createSymbolicLink(atPath: endless, withDestinationPath: "/dev/zero")
      #expect(throws: ErrorInfo.self) { try BoundedFile.read(endless, limit: 100) }
    }
  }

  @Test("what is allowed but hardly wanted is told at a reload too")
  func warnings() async throws {
    try await inFolder { files in
      try files.write(policy("one"))
      let loader = try loader(files.path)
      let loaded = try await loader.load()
      let log = LogCapture()
      let reloader = PolicyReloader(endpoint(loaded), loader: loader, loaded: loaded, logger: log.logger)
      try files.write("short", "login")
      try files.write(
        policy("two").replacing(
          "secret-env: LOGIN_SECRET", with: "secret-file: login, audience: a, issuer: b"))
      #expect(await reloader.reloadIfChanged() == .replaced)
      #expect(log.lines.contains { $0.contains("warning") && $0.contains("shorter than") }, "\(log.lines)")
    }
  }

  @Test("a secret that is too large is refused once, not again and again")
  func largeSecret() async throws {
    try await inFolder { files in
      try files.write(policy("one"))
      let loader = try loader(files.path)
      let loaded = try await loader.load()
      let reloader = PolicyReloader(
        endpoint(loaded), loader: loader, loaded: loaded, logger: LogCapture().logger)
      try files.write(String(repeating: "a", count: 100_000), "login")
      try files.write(policy("two").replacing("secret-env: LOGIN_SECRET", with: "secret-file: login"))
      guard case .refused = await reloader.reloadIfChanged() else {
        Issue.record("it is too large")
        return
      }
      #expect(await reloader.reloadIfChanged() == .unchanged)
    }
  }

  @Test(
    "a login that leaves open who issued a token, or for whom, is told with its line",
    arguments: [
      ("secret-env: LOGIN_SECRET", "no audience and no issuer"),
      ("jwks-url: \"https://login.example/keys\"", "no audience and no issuer"),
      ("jwks-url: \"https://login.example/keys\", issuer: a", "no audience"),
      ("secret-env: LOGIN_SECRET, audience: a", "no issuer"),
    ])
  func open(_ login: String, _ message: String) async throws {
    try await inFolder { files in
      try files.write(policy("one").replacing("secret-env: LOGIN_SECRET", with: login))
      let warnings = try await loader(files.path).load().warnings
      #expect(warnings.count == 1)
      #expect(warnings.first?.line == 1)
      #expect(warnings.first?.message.contains(message) == true, "\(warnings)")
    }
  }
}
