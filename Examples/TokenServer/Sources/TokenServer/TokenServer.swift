import AblyTokenEndpoint
import AblyTokens
import Hummingbird

/// The routes of the server.
public enum TokenServer {
  struct Login: Decodable {
    let name: String
    let password: String
  }

  /// - Parameter key: the API key that signs; it never leaves this process.
  public static func router(key: String) throws -> Router<BasicRequestContext> {
    let sessions = Sessions()
    let endpoint = TokenEndpoint(
      try EndpointSetup(
        callers: [sessions.callers], policy: RoomPolicy(), keys: KeyRing(APIKey(key)),
        limit: RateLimit(60, per: .seconds(60))))
    let router = Router()
    router.post("/login") { request, context in
      let login = try await URLEncodedFormDecoder().decode(Login.self, from: request, context: context)
      guard let id = sessions.begin(login.name, login.password) else { throw HTTPError(.unauthorized) }
      return Response(
        status: .noContent,
        // Over TLS it would be Secure too.
        headers: [.setCookie: "\(Sessions.cookie)=\(id); HttpOnly; SameSite=Strict; Path=/"])
    }
    router.tokenEndpoint(endpoint, at: "/auth")
    return router
  }
}
