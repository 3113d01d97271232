internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import TestSupport

/// An endpoint to ask with values, at a time that the test sets.
struct Desk {
  static let secret = "login-secret-login-secret-login-secret"
  static let key = "demo00.key000:only-for-this-machine"
  static let now = Date(timeIntervalSince1970: 1_800_000_000)
  static let issuer = "https://login.example"

  let endpoint: TokenEndpoint
  let clock = Mutexed(Desk.now)
  let audit = AuditCapture()

  init(
    callers: [any CallerVerifier]? = nil, policy: any TokenPolicy = Desk.members, form: TokenForm = .request,
    keys: KeyRing? = nil, origins: [String] = [], limit: RateLimit? = nil
  ) throws {
    let clock = clock
    let secretCallers = try SecretCallers(
      secret: Self.secret, checks: WebTokenChecks(issuer: Self.issuer, audience: "chat"))
    let setup = try EndpointSetup(
      callers: callers ?? [secretCallers], policy: policy,
      keys: keys ?? KeyRing(APIKey(Self.key)), form: form, origins: origins, limit: limit)
    endpoint = TokenEndpoint(setup, audit: audit, now: { clock.withLock { $0 } })
  }

  /// Grants every caller a chat under their own name.
  static var members: any TokenPolicy {
    ClosurePolicy { caller, _ in
      .grant(
        TokenGrant(
          clientId: caller.subject, capability: ["chat:*": [.publish, .subscribe], "news": [.subscribe]]),
        rule: "members")
    }
  }

  func ask(
    _ query: String = "", method: HTTPRequest.Method = .get, token: String? = Login.token(),
    fields: HTTPFields = [:], body: String = "", peer: String? = nil
  ) async -> EndpointResponse {
    var fields = fields
    if let token { fields.append(HTTPField(name: .authorization, value: "Bearer \(token)")) }
    return await endpoint.respond(
      to: EndpointRequest(
        method: method, target: query.isEmpty ? "/auth" : "/auth?\(query)", headerFields: fields,
        body: Array(body.utf8), peer: peer.flatMap { IPAddress($0) }))
  }
}

extension EndpointResponse {
  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
  var text: String { String(decoding: body, as: UTF8.self) }
  var code: Int64? { json["error"]?["code"]?.number?.int64 }
  /// The token request that it gives.
  var tokenRequest: TokenRequest? { try? TokenRequest(json: json) }
}

final class AuditCapture: AuditSink {
  private let kept = Mutexed<[AuditRecord]>([])
  var records: [AuditRecord] { kept.withLock { $0 } }
  func record(_ record: AuditRecord) { kept.withLock { $0.append(record) } }
  /// All lines, as they would be logged.
  var lines: String {
    var bytes: [UInt8] = []
    for record in records { record.appendLine(to: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
