internal import AblyTesting
internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import Testing

@Suite struct PolicyLoadingTests {
  /// A folder of its own for the length of a test.
  private func inFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  private func write(_ text: String, _ folder: URL, _ name: String = "policy.yaml") throws -> String {
    let url = folder.appending(path: name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private func loader(_ path: String, key: String? = Desk.key, capability: Capability? = nil) throws
    -> PolicyLoader
  {
    let entry = try key.map { KeyRing.Entry(key: try APIKey($0), capability: capability) }
    return PolicyLoader(path: path, key: entry) { ["LOGIN_SECRET": Desk.secret, "KEY_A": "a.b:c"][$0] }
  }

  private func desk(_ loaded: LoadedPolicy) -> TokenEndpoint {
    TokenEndpoint(loaded.setup, audit: AuditCapture(), now: { Desk.now })
  }

  private func ask(_ endpoint: TokenEndpoint, _ claims: [String: JSONValue]) async -> EndpointResponse {
    await endpoint.respond(
      to: EndpointRequest(
        method: .get, target: "/auth", headerFields: [.authorization: "Bearer \(Login.token(claims))"]))
  }

  @Test("rules decide in their order, by claims that are equal or lists that contain the value")
  func rules() async throws {
    try await inFolder { folder in
      let endpoint = desk(try await loader(try write(Policies.complete, folder)).load())
      let moderator = await ask(endpoint, ["role": ["user", "moderator"], "banned": true])
      #expect(moderator.tokenRequest?.capabilityText == #"{"*":["*"]}"#)
      #expect(moderator.tokenRequest?.ttl == .seconds(1800))
      let banned = await ask(endpoint, ["banned": true, "org": "x"])
      #expect(banned.status.code == 403)
      #expect(banned.json["error"]?["message"] == "this account is banned")
      let member = await ask(endpoint, ["banned": "true", "org": "acme", "role": "Moderator"])
      #expect(
        member.tokenRequest?.capabilityText
          == #"{"chat:acme:*":["presence","publish","subscribe"],"news":["subscribe"]}"#)
      #expect(await ask(endpoint, ["org": 7]).tokenRequest?.capabilityText?.contains("chat:7:*") == true)
    }
  }

  @Test(
    "a claim that would change what a resource means is refused, never pasted in",
    arguments: [
      JSONValue.null, "", "a:b", "*", "a*", "[x]", "a]", "a,b", "a\nb", "a\u{7F}", "a\u{85}b", "\u{2028}",
      true, ["a"],
      ["a": "b"], "::", "\u{0}",
    ])
  func claims(_ value: JSONValue) async throws {
    try await inFolder { folder in
      let endpoint = desk(try await loader(try write(Policies.complete, folder)).load())
      let answer = await ask(endpoint, ["org": value])
      #expect(answer.status.code == 403)
      #expect(answer.code == 40300)
    }
  }

  @Test("a grant that is wider than its key is told with its line, claims or not")
  func wider() async throws {
    let capability: Capability = ["chat:*": [.publish, .subscribe, .presence], "news": [.subscribe]]
    try await inFolder { folder in
      let path = try write(Policies.complete, folder)
      let loader = try loader(path, capability: capability)
      do throws(PolicyFileError) {
        _ = try await loader.load()
        Issue.record("a rule grants everything")
      } catch {
        #expect(error.problems.map(\.line) == [15])
        #expect(error.problems.first?.message.contains("rule 1 grants more on \"*\"") == true)
      }
      let narrow: Capability = ["chat:acme:*": [.all], "*": [.subscribe]]
      let other = try self.loader(path, capability: narrow)
      await #expect(throws: PolicyFileError.self) { try await other.load() }
    }
  }

  @Test("keys stand in the environment or in files, and a rule names one")
  func keys() async throws {
    try await inFolder { folder in
      _ = try write("file.key:secret\n", folder, "key")
      let path = try write(
        """
        callers: { jwt: { secret-env: LOGIN_SECRET } }
        keys:
          a: { key-env: KEY_A, capability: { "chat:*": ["*"] }, revocable: true }
          b: { key-file: key }
        rules:
          - { when: { org: x }, clientId: "{sub}", capability: { "chat:x": [publish] }, key: b }
          - { clientId: "{sub}", capability: { "chat:y": [publish] } }
        """, folder)
      let endpoint = desk(try await loader(path, key: nil).load())
      #expect(await ask(endpoint, ["org": "x"]).tokenRequest?.keyName == "file.key")
      #expect(await ask(endpoint, [:]).tokenRequest?.keyName == "a.b")
    }
  }

  @Test("what the policy names and is not there is told")
  func missing() async throws {
    try await inFolder { folder in
      let path = try write(
        """
        callers: { jwt: { secret-env: NOWHERE } }
        keys:
          a: { key-file: nowhere }
          b: { key-env: KEY_A, revocable: true }
        rules:
          - { capability: { "a": [publish] }, ttl: 2h, key: b }
        """, folder)
      let loader = try loader(path, key: nil)
      do throws(PolicyFileError) {
        _ = try await loader.load()
        Issue.record("nothing is there")
      } catch {
        #expect(error.problems.map(\.line) == [1, 3, 6])
      }
      await #expect(throws: PolicyFileError.self) { try await self.loader(folder.path + "/no.yaml").load() }
      await #expect(throws: PolicyFileError.self) { try await self.loader("/dev/zero").load() }
      let keyless = try write("callers: { jwt: { secret-env: LOGIN_SECRET } }\nrules: [{ deny: x }]", folder)
      await #expect(throws: PolicyFileError.self) { try await self.loader(keyless, key: nil).load() }
    }
  }

  @Test("a changed policy is put in force, a broken one refused, and the old one stays")
  func reload() async throws {
    try await inFolder { folder in
      let callers = "callers: { jwt: { secret-env: LOGIN_SECRET } }\n"
      func policy(_ channel: String) -> String {
        callers + "rules: [{ clientId: \"{sub}\", capability: { \(channel): [publish] } }]\n"
      }
      let path = try write(policy("one"), folder)
      let loader = try loader(path)
      let loaded = try await loader.load()
      let endpoint = desk(loaded)
      let log = LogCapture()
      let reloader = PolicyReloader(endpoint, loader: loader, loaded: loaded, logger: log.logger)
      #expect(await reloader.reloadIfChanged() == .unchanged)
      _ = try write(policy("two"), folder)
      #expect(await reloader.reloadIfChanged() == .replaced)
      #expect(await ask(endpoint, [:]).tokenRequest?.capabilityText == #"{"two":["publish"]}"#)
      _ = try write(callers + "rules: [{ capability: { x: [fly] } }]", folder)
      guard case .refused(let problems) = await reloader.reloadIfChanged() else {
        Issue.record("it is broken")
        return
      }
      #expect(problems.count == 1)
      #expect(await reloader.reloadIfChanged() == .unchanged)
      #expect(await ask(endpoint, [:]).tokenRequest?.capabilityText == #"{"two":["publish"]}"#)
      #expect(log.lines.contains { $0.contains("the old one stays") && $0.contains("line 2") })
      _ = try write(policy("three"), folder)
      #expect(await reloader.reload() == .replaced)
      #expect(await ask(endpoint, [:]).tokenRequest?.capabilityText == #"{"three":["publish"]}"#)
      #expect(!log.lines.joined().contains(Desk.secret))
    }
  }

  @Test("a policy explains itself and tries its rules")
  func explanation() throws {
    let explanation = PolicyExplanation(try PolicyFile(yaml: Policies.complete))
    #expect(explanation.rules.count == 3)
    #expect(explanation.rules[0].lines.first == "for callers whose role is \"moderator\"")
    #expect(explanation.rules[1].outcome == "rule 2 refuses: this account is banned")
    #expect(
      explanation.rules[2].outcome.hasPrefix("rule 3 grants clientId sample-sub, {\"chat:sample-org:*\""))
    #expect(explanation.outcome(for: ["sub": "a"]).contains("refuses"))
  }

  @Test("nothing that holds a secret shows it when it is printed")
  func printing() async throws {
    try await inFolder { folder in
      let loaded = try await loader(try write(Policies.complete, folder)).load()
      var dumped = ""
      dump(loaded, to: &dumped)
      dump(loaded.setup.keys, to: &dumped)
      for text in ["\(loaded)", dumped] {
        #expect(!text.contains("only-for-this-machine"))
        #expect(!text.contains(Desk.secret))
      }
    }
  }
}
