internal import AblyService
internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation

/// An endpoint that needs nothing: its policy, its key and the secret of its login are made for this run.
enum DevelopmentServe {
  private static let policy = """
    # Made for one run of `ably-auth serve --dev`. Change it while that runs: it is read again.
    callers:
      jwt:
        secret-env: LOGIN_SECRET
        issuer: ably-auth-dev
        audience: ably-auth-dev
    token: request
    limit: { per-caller: 600/m }
    rules:
      - when: { role: moderator }
        clientId: "{sub}"
        capability: { "*": ["*"] }
        ttl: 30m
      - when: { banned: true }
        deny: this account is banned
      - clientId: "{sub}"
        capability: { "chat:*": [publish, subscribe, presence, history], "news": [subscribe] }
        ttl: 1h

    """

  /// Makes all of it, hands it to `serve`, and removes the policy's file at the end.
  static func run(
    _ serve: (PolicyInForce) async throws -> Void, key given: () throws -> KeyRing.Entry?
  ) async throws {
    let secret = (0..<3).map { _ in RandomText.next() }.joined()
    let folder = FileManager.default.temporaryDirectory.appending(path: "ably-auth-dev-\(RandomText.next())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "policy.yaml").path
    try Data(policy.utf8).write(to: URL(filePath: path))
    let given = try given()
    let made = given == nil ? try ServiceKey.random().key : nil
    guard let key = given ?? made.map({ KeyRing.Entry(key: $0) }) else { return }
    let loader = PolicyLoader(path: path, key: key) { name in
      name == "LOGIN_SECRET" ? secret : Environment[name]
    }
    let logins = logins(secret: secret, at: Date())
    try await serve(
      PolicyInForce(
        loader: loader, path: path,
        introduction: { introduction($0, path: path, made: made, logins: logins) },
        pages: { path, isSecure in
          Console.pages(
            endpointPath: path, logins: Dictionary(uniqueKeysWithValues: logins), isSecure: isSecure)
        }))
  }

  private static func logins(secret: String, at now: Date) -> [(String, String)] {
    [
      ("alice", LoginToken.make(["sub": "alice"], secret: secret, at: now)),
      ("mo", LoginToken.make(["sub": "mo", "role": "moderator"], secret: secret, at: now)),
      ("mallory", LoginToken.make(["sub": "mallory", "banned": true], secret: secret, at: now)),
    ]
  }

  private static func introduction(
    _ url: String, path: String, made: APIKey?, logins: [(String, String)]
  ) -> PolicyInForce.Introduction {
    let lines = logins.map { name, token in "  \(name): \(token)" }.joined(separator: "\n")
    let alice = logins[0].1
    let console = URL(string: Console.path, relativeTo: URL(string: url))?.absoluteString ?? Console.path
    let text = """
      the policy: \(path) (change it while this runs)
      its API key\(made.map { ", made for this run: \($0.revealed())" } ?? " is the one that was given")
      logins for a day, as a login of yours would give them:
      \(lines)
      try it in a browser, by a page for this machine alone: \(console)
      or by hand:
        \(Invocation.name) local --key '\(made?.revealed() ?? "that key")'     # in another terminal: Ably, on this machine
        curl -H 'Authorization: Bearer \(alice)' '\(url)'
        \(Invocation.name) token --auth-url '\(url)' --auth-header 'Authorization: Bearer \(alice)' \
      --endpoint 127.0.0.1 --port 8080 --no-tls
      """
    var members: [String: JSONValue] = [
      "url": .string(url), "policy": .string(path),
      "logins": .object(Dictionary(uniqueKeysWithValues: logins.map { ($0, .string($1)) })),
    ]
    members["key"] = made.map { .string($0.revealed()) }
    return PolicyInForce.Introduction(text: text, members: members)
  }
}
