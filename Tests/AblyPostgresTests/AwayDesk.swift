#if Postgres
  internal import AblyPostgres
  internal import AblyService
  internal import AblyTokens
  internal import Foundation

  /// Two nodes in this process on one PostgreSQL, and who used them before it went away.
  final class AwayDesk: Sendable {
    let plain: ServiceKey
    let revocable: ServiceKey
    let one: ServiceCore
    let two: ServiceCore
    private let stores: [PostgresStore]

    init(_ postgres: OwnPostgres) async throws {
      plain = try ServiceKey(APIKey("appOne.keyPlain:plainSecret"))
      revocable = try ServiceKey(APIKey("appOne.keyRevocable:revocableSecret"), revocableTokens: true)
      stores = [
        try await PostgresStore(url: postgres.url, connections: 2),
        try await PostgresStore(url: postgres.url, connections: 2),
      ]
      let keys = [plain, revocable].map { StoredKey($0, origin: .given) }
      one = try await ServiceCore(store: stores[0], keys: keys)
      two = try await ServiceCore(store: stores[1])
    }

    func close() async { for store in stores { await store.close() } }

    func send(
      _ method: String, _ path: String, _ body: JSONValue? = nil, _ authorization: String? = nil,
      to node: ServiceCore
    ) async -> ServiceResponse {
      let headers = authorization.map { ["authorization": $0] } ?? [:]
      return await node.respond(
        to: ServiceRequest(method, path, headers: headers, body: body?.utf8 ?? []))
    }

    func sign(_ key: ServiceKey, clientId: String? = nil) throws -> TokenRequest {
      try TokenRequestSigner(key: key.key).sign(TokenParams(clientId: clientId), at: Date())
    }

    func exchange(_ request: TokenRequest, on node: ServiceCore) async -> ServiceResponse {
      await node.respond(
        to: ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8))
    }

    func token(_ key: ServiceKey, clientId: String? = nil) async throws -> TokenDetails {
      try TokenDetails(json: await exchange(sign(key, clientId: clientId), on: two).body)
    }

    /// Something that a node answers from memory, once it takes the credentials.
    func use(_ authorization: String) async -> Int {
      await send("GET", "/channels/c/presence", nil, authorization, to: two).status
    }

    func basic(_ key: ServiceKey) -> String { "Basic \(Base64.standard.encode(key.key.revealed().utf8))" }

    func revoke(_ clientId: String, on node: ServiceCore) async -> Int {
      await send(
        "POST", "/keys/\(revocable.key.keyName)/revokeTokens", ["targets": [.string("clientId:\(clientId)")]],
        basic(revocable), to: node
      ).status
    }

    func members(on node: ServiceCore) async -> [String] {
      await send("GET", "/channels/a/presence", nil, basic(plain), to: node).body.array?
        .compactMap { $0["clientId"]?.string } ?? ["nobody knows"]
    }
  }

  /// What was there before the database went away.
  struct AwayGuests {
    /// Lives by a key whose tokens cannot be revoked.
    let free: TokenDetails
    /// Revoked, before.
    let bob: TokenDetails
    /// Not revoked, though it could be.
    let eve: TokenDetails
    /// Exchanged, before.
    let used: TokenRequest
    /// On the second node, attached to `a`.
    let watcher: CoreClient
    /// On the second node, a member of `a`.
    let member: CoreClient
    /// On the first node.
    let traveller: CoreClient
  }
#endif
