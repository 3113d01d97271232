internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite(.endsAtLast) struct ServeCommandTests {
  private static let secret = "login-secret-login-secret-login-secret"

  /// A policy in a folder of its own, for the length of a test.
  private func withPolicy<Result>(
    _ text: String = Self.policy, _ body: (URL) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "serve-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "policy.yaml")
    try Data(text.utf8).write(to: url)
    return try await body(url)
  }

  private static let policy = """
    callers:
      jwt: { secret-env: LOGIN_SECRET, issuer: "https://login.example" }
      gateway: { header: X-User, from: [127.0.0.1/32] }
    rules:
      - when: { banned: true }
        deny: this account is banned
      - clientId: "{sub}"
        capability: { "chat:*": [publish, subscribe], "news": [subscribe] }
        ttl: 30m
    """

  private func ask(_ port: Int, _ path: String, _ fields: [String: String] = [:]) async throws -> (
    Int, String
  ) {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
    return try await LoopbackHTTP.get(url, fields)
  }

  @Test("the policies of the documentation are policies")
  func documented() async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/serve.md"), encoding: .utf8)
    let policies = text.split(separator: "```yaml\n").dropFirst().compactMap {
      $0.split(separator: "```").first
    }
    .filter { $0.contains("callers:") }
    #expect(!policies.isEmpty)
    for policy in policies {
      try await withPolicy(String(policy)) { policy in
        let outcome = try await Tool.run("serve", "--check", policy.path, "--key", Tool.key)
        #expect(outcome.exitCode == 0, "\(outcome.talk)")
      }
    }
  }

  @Test("ready, asked, watched, and stopped by SIGTERM with exit code 0")
  func life() async throws {
    try await withPolicy { policy in
      let environment = ["ABLY_API_KEY": Tool.key, "LOGIN_SECRET": Self.secret]
      let served = try await ServeProcess.run(
        ["--policy", policy.path, "--port", "0"], environment
      ) { serve in
        #expect(serve.ready["event"] == "ready")
        #expect(serve.ready["host"] == "127.0.0.1")
        let (status, body) = try await ask(serve.port, "/auth?clientId=ann", ["X-User": "ann"])
        #expect(status == 200)
        let request = try TokenRequest(json: body)
        #expect(TokenRequestSigner(key: try APIKey(Tool.key)).verify(request))
        #expect(request.clientId == "ann")
        #expect(try await ask(serve.port, "/auth").0 == 401)
        #expect(try await ask(serve.port, "/auth?clientId=bob", ["X-User": "ann"]).0 == 403)
        #expect(try await ask(serve.port, "/auth?ttl=x", ["X-User": "ann"]).0 == 400)
        #expect(try await ask(serve.port, "/health").1 == "ok\n")
        #expect(try await ask(serve.port, "/ready").0 == 200)
        #expect(try await ask(serve.port, "/metrics").1.contains(#"answers_total{status="200"} 1"#))
      }
      #expect(served.exitCode == 0)
      let decisions = served.talk.split(separator: "\n").filter {
        $0.contains(#""event":"decision""#)
      }
      #expect(decisions.count == 4)
      #expect(decisions.first?.contains(#""caller":"ann""#) == true)
      #expect(!served.talk.contains("only-for-this-machine"))
      #expect(!served.talk.contains(Self.secret))
    }
  }

  @Test("SIGHUP puts a new policy in force, and a broken one is refused with its line")
  func hangUp() async throws {
    try await withPolicy { policy in
      let environment = ["ABLY_API_KEY": Tool.key, "LOGIN_SECRET": Self.secret]
      let served = try await ServeProcess.run(
        ["--policy", policy.path, "--port", "0"], environment
      ) { serve in
        try Data(Self.policy.replacing("news", with: "other").utf8).write(to: policy)
        try await serve.hangUp(until: "the policy was replaced")
        let (_, body) = try await ask(serve.port, "/auth", ["X-User": "ann"])
        #expect(try TokenRequest(json: body).capabilityText?.contains("other") == true)
        try Data(Self.policy.replacing("publish", with: "fly").utf8).write(to: policy)
        try await serve.hangUp(until: "the old one stays")
        #expect(try await ask(serve.port, "/auth", ["X-User": "ann"]).0 == 200)
      }
      #expect(served.talk.contains("line 8"))
    }
  }

  @Test("the environment configures it too")
  func environment() async throws {
    try await withPolicy { policy in
      let environment = [
        "ABLY_API_KEY": Tool.key, "LOGIN_SECRET": Self.secret, "ABLY_SERVE_POLICY": policy.path,
        "ABLY_SERVE_PORT": "0", "ABLY_SERVE_PATH": "/token",
      ]
      _ = try await ServeProcess.run([], environment) { serve in
        let (there, elsewhere) = (
          try await ask(serve.port, "/token", ["X-User": "ann"]).0,
          try await ask(serve.port, "/auth", ["X-User": "ann"]).0
        )
        #expect(there == 200)
        #expect(elsewhere == 404)
      }
    }
  }

  @Test("--dev needs nothing, and its logins and key work with the local service")
  func development() async throws {
    _ = try await ServeProcess.run(["--dev", "--port", "0"], [:]) { serve in
      let key = try #require(serve.ready["key"]?.string)
      let alice = try #require(serve.ready["logins"]?["alice"]?.string)
      let mallory = try #require(serve.ready["logins"]?["mallory"]?.string)
      #expect(try await ask(serve.port, "/auth", ["Authorization": "Bearer \(mallory)"]).0 == 403)
      _ = try await LocalService.run(["--key", key]) { local in
        let outcome = try await Tool.run(
          list: [
            "token", "--auth-url", "http://127.0.0.1:\(serve.port)/auth", "--auth-header",
            "Authorization: Bearer \(alice)",
          ] + local.options)
        #expect(outcome.exitCode == 0, "\(outcome.talk)")
        #expect(try outcome.json()["clientId"] == "alice")
      }
    }
  }

  @Test("--dev makes a key of its own whatever is in the environment, and prints none that it was given")
  func developmentKey() async throws {
    let secret = "the-secret-of-a-real-key"
    let environment = ["ABLY_API_KEY": "real00.key000:\(secret)"]
    let served = try await ServeProcess.run(["--dev", "--port", "0"], environment) { serve in
      #expect(serve.ready["key"]?.string?.hasPrefix("real00.") == false)
      #expect(!serve.ready.text.contains(secret))
      let alice = try #require(serve.ready["logins"]?["alice"]?.string)
      let (_, body) = try await ask(serve.port, "/auth", ["Authorization": "Bearer \(alice)"])
      #expect(try TokenRequest(json: body).keyName != "real00.key000")
    }
    #expect(!served.talk.contains(secret))
    let given = ["--dev", "--port", "0", "--key", "given0.key000:\(secret)"]
    _ = try await ServeProcess.run(given, [:]) { serve in
      #expect(serve.ready["key"] == nil)
      #expect(!serve.ready.text.contains(secret))
      let alice = try #require(serve.ready["logins"]?["alice"]?.string)
      let (_, body) = try await ask(serve.port, "/auth", ["Authorization": "Bearer \(alice)"])
      #expect(try TokenRequest(json: body).keyName == "given0.key000")
    }
  }

  @Test(
    "--dev shows no key that it has not made, neither on a screen nor as JSON",
    arguments: [["--json"], []])
  func developmentOutput(_ form: [String]) async throws {
    let secret = "never-to-be-shown-on-any-screen"
    for arguments in [[], ["--key", "given0.key000:\(secret)"]] {
      let text = try await ServeProcess.output(
        of: ["--dev", "--port", "0"] + form + arguments, ["ABLY_API_KEY": "real00.key000:\(secret)"],
        until: form.isEmpty ? "--endpoint 127.0.0.1" : "ready")
      #expect(!text.contains(secret), "\(text)")
      #expect(!text.contains("real00"), "\(text)")
    }
  }

  @Test("token: details obtains the token at the local service, and is a 503 when that is gone")
  func details() async throws {
    try await withPolicy("token: details\n" + Self.policy) { policy in
      let environment = ["ABLY_API_KEY": Tool.key, "LOGIN_SECRET": Self.secret]
      _ = try await LocalService.run { local in
        let arguments = [
          "--policy", policy.path, "--port", "0", "--endpoint", "127.0.0.1", "--ably-port",
          String(local.port), "--no-tls",
        ]
        _ = try await ServeProcess.run(arguments, environment) { serve in
          let (status, body) = try await ask(serve.port, "/auth", ["X-User": "ann"])
          #expect(status == 200)
          #expect(try TokenDetails(json: body).clientId == "ann")
        }
      }
      let nobody = [
        "--policy", policy.path, "--port", "0", "--endpoint", "127.0.0.1", "--port", "1",
        "--no-tls",
      ]
      _ = try await ServeProcess.run(nobody, environment) { serve in
        let (status, _) = try await ask(serve.port, "/auth", ["X-User": "ann"])
        #expect(status == 503)
      }
    }
  }

  @Test("--check explains the rules, without the secrets that they need")
  func check() async throws {
    try await withPolicy { policy in
      let outcome = try await Tool.run(
        "serve", "--check", policy.path, "--claims", #"{"sub":"eve","banned":true}"#)
      #expect(outcome.exitCode == 0)
      #expect(outcome.output.contains("rule 1 (line 5): for callers whose banned is true"))
      #expect(outcome.output.contains("rule 2 grants clientId sample-sub"))
      #expect(outcome.output.contains("rule 1 refuses: this account is banned"))
      #expect(outcome.talk.contains("LOGIN_SECRET is not set"))
    }
  }

  @Test("--check judges by the keys that serve would sign with")
  func checkedKeys() async throws {
    let text = """
      callers: { jwt: { secret-env: LOGIN_SECRET, issuer: a, audience: b } }
      keys: { default: { key-env: KEY_MAIN, capability: { "a": [publish] } } }
      rules: [{ clientId: "{sub}", capability: { RESOURCE: [publish] } }]
      """
    for (resource, checked, served) in [("a", 0, 0), ("b", 1, 2)] as [(String, Int32, Int32)] {
      try await withPolicy(text.replacing("RESOURCE", with: resource)) { policy in
        let environment = ["KEY_MAIN": Tool.key, "LOGIN_SECRET": Self.secret]
        let check = try await Tool.run("serve", "--check", policy.path, environment: environment)
        #expect(check.exitCode == checked, "\(check.talk)")
        let blind = try await Tool.run("serve", "--check", policy.path)
        #expect(blind.exitCode == checked, "\(blind.talk)")
        let arguments = ["--policy", policy.path, "--port", "0"]
        if served == 0 {
          #expect(try await ServeProcess.run(arguments, environment) { _ in }.exitCode == 0)
        } else {
          let outcome = try await Tool.run(list: ["serve"] + arguments, environment: environment)
          #expect(outcome.exitCode == served)
        }
      }
    }
  }

  @Test("--check needs no file of a secret either, and judges by the keys that would sign")
  func checkFiles() async throws {
    let policy = """
      callers: { jwt: { jwks-file: nowhere.json, issuer: "https://login.example", audience: chat } }
      keys:
        default: { key-file: nowhere, capability: { "chat:*": ["*"] } }
      rules:
        - { clientId: "{sub}", capability: { "RESOURCE": [publish] } }
      """
    try await withPolicy(policy.replacing("RESOURCE", with: "chat:a")) { policy in
      let outcome = try await Tool.run("serve", "--check", policy.path)
      #expect(outcome.exitCode == 0, "\(outcome.talk)")
      #expect(outcome.talk.contains("nowhere is not set here") && outcome.talk.contains("JWKS"))
    }
    try await withPolicy(policy.replacing("RESOURCE", with: "news")) { policy in
      let outcome = try await Tool.run("serve", "--check", policy.path)
      #expect(outcome.exitCode == 1)
      #expect(outcome.talk.contains(":5: error: rule 1 grants more"), "\(outcome.talk)")
    }
  }

  @Test(
    "a policy with mistakes is refused with all of their lines, by --check with 1 and by --policy with 2"
  )
  func mistakes() async throws {
    try await withPolicy("rules:\n  - { capability: { a: [fly] }, ttl: never }\nrule: 1\n") {
      policy in
      let checked = try await Tool.run("serve", "--check", policy.path)
      #expect(checked.exitCode == 1)
      for line in [
        ":2: error:", ":3: error: the policy has no key \"rule\" (did you mean \"rules\"?)",
        "no callers",
      ] {
        #expect(checked.talk.contains(line), "\(checked.talk)")
      }
      let served = try await Tool.run(
        "serve", "--policy", policy.path, "--port", "0", "--key", Tool.key)
      #expect(served.exitCode == 2)
      #expect(served.talk.contains(":2: error:"))
    }
  }

  @Test(
    "a rule that grants more than the key is refused when the key's capability is given with it")
  func wider() async throws {
    try await withPolicy { policy in
      let outcome = try await Tool.run(
        "serve", "--check", policy.path, "--key", Tool.key + #"={"news":["subscribe"]}"#)
      #expect(outcome.exitCode == 1)
      #expect(outcome.talk.contains("policy.yaml:8: error: rule 2 grants more on \"chat:*\""))
    }
  }

  @Test(
    "wrong usage ends with 2",
    arguments: [
      [], ["--policy", "/nowhere.yaml", "--key", Tool.key], ["--dev", "--check", "x"],
      ["--dev", "--port", "70000"],
      ["--dev", "--tls-cert", "x"], ["--dev", "--path", "auth"], ["--dev", "--key", "nonsense"],
    ])
  func usage(_ arguments: [String]) async throws {
    let outcome = try await Tool.run(list: ["serve"] + arguments)
    #expect(outcome.exitCode == 2)
    #expect(!outcome.talk.isEmpty)
  }
}
