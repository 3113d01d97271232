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
    let made = try ServiceKey.random().key
    let key = try given() ?? KeyRing.Entry(key: made)
    let loader = PolicyLoader(path: path, key: key) { name in
      name == "LOGIN_SECRET" ? secret : Environment[name]
    }
    try await serve(
      PolicyInForce(loader: loader, path: path) { url in
        introduction(url, path: path, key: key.revealedKey, secret: secret)
      })
  }

  private static func introduction(
    _ url: String, path: String, key: String, secret: String
  ) -> PolicyInForce.Introduction {
    let now = Date()
    let logins = [
      ("alice", LoginToken.make(["sub": "alice"], secret: secret, at: now)),
      ("mo", LoginToken.make(["sub": "mo", "role": "moderator"], secret: secret, at: now)),
      ("mallory", LoginToken.make(["sub": "mallory", "banned": true], secret: secret, at: now)),
    ]
    let lines = logins.map { name, token in "  \(name): \(token)" }.joined(separator: "\n")
    let alice = logins[0].1
    let text = """
      the policy: \(path) (change it while this runs)
      its API key, made for this run: \(key)
      logins for a day, as a login of yours would give them:
      \(lines)
      try it:
        ably-auth local --key '\(key)'     # in another terminal: Ably, on this machine
        curl -H 'Authorization: Bearer \(alice)' '\(url)'
        ably-auth token --auth-url '\(url)' --auth-header 'Authorization: Bearer \(alice)' \
      --endpoint 127.0.0.1 --port 8080 --no-tls
      """
    return PolicyInForce.Introduction(
      text: text,
      members: [
        "url": .string(url), "policy": .string(path), "key": .string(key),
        "logins": .object(Dictionary(uniqueKeysWithValues: logins.map { ($0, .string($1)) })),
      ])
  }
}
