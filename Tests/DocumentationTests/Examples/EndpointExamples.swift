internal import AblyAuth
internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Testing

// snippet
struct Members: TokenPolicy {
  func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
    guard let name = caller.subject else { return .refuse("nobody in particular") }
    return .grant(TokenGrant(clientId: name, capability: ["chat:*": [.publish, .subscribe]]))
  }
}
// end

// snippet
struct ExchangedByREST: TokenObtaining {
  let client: RESTClient

  func obtain(_ request: TokenRequest) async throws(ErrorInfo) -> TokenDetails {
    try await client.auth.requestToken(
      TokenParams(), options: AuthOptions(authCallback: { _ in .tokenRequest(request) }))
  }
}
// end

@Suite("Examples of the token endpoint")
struct EndpointExamples {
  private let apiKey = "demo00.key000:only-for-this-machine"
  private let loginSecret = "login-secret-login-secret-login-secret"

  private func made() throws -> TokenEndpoint {
    // snippet
    let login = try SecretCallers(
      secret: loginSecret, checks: WebTokenChecks(issuer: "https://login.example", audience: "chat"))
    let endpoint = TokenEndpoint(
      try EndpointSetup(
        callers: [login], policy: Members(), keys: KeyRing(APIKey(apiKey)), origins: ["https://app.example"],
        limit: RateLimit(60, per: .seconds(60))))
    // end
    return endpoint
  }

  @Test("an endpoint in a router")
  func router() throws {
    let endpoint = try made()
    // snippet
    let router = Router()
    router.tokenEndpoint(endpoint, at: "/auth")
    // end
  }

  @Test("an endpoint by itself")
  func value() async throws {
    let endpoint = try made()
    // snippet
    let answer = await endpoint.respond(to: EndpointRequest(method: .get, target: "/auth?clientId=bob"))
    #expect(answer.status == .unauthorized)
    #expect(answer.headerFields[.cacheControl] == "no-store")
    // end
  }

  @Test("callers of one's own login")
  func session() async throws {
    // snippet
    let callers = ClosureCallers { request in
      guard let cookie = request.headerFields[.cookie] else { return nil }
      guard cookie == "session=1234" else {
        throw ErrorInfo(.unauthorized, "this session has ended", statusCode: 401)
      }
      return Caller(subject: "bob", way: "session")
    }
    // end
    let request = EndpointRequest(
      method: .get, target: "/", headerFields: [.cookie: "session=1234"])
    #expect(try await callers.caller(of: request, at: Date())?.subject == "bob")
  }

  @Test("a policy in a file")
  func file() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = """
      callers: { gateway: { header: X-User, from: [127.0.0.1/32] } }
      rules: [{ clientId: "{sub}", capability: { "chat:*": [publish] } }]
      """
    try Data(text.utf8).write(to: URL(filePath: path))
    // snippet
    let loader = PolicyLoader(path: path, key: KeyRing.Entry(key: try APIKey(apiKey)))
    let loaded = try await loader.load()
    let endpoint = TokenEndpoint(loaded.setup)
    let reloader = PolicyReloader(endpoint, loader: loader, loaded: loaded)
    // end
    #expect(await reloader.reloadIfChanged() == .unchanged)
  }
}
