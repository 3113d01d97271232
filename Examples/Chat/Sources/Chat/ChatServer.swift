import AblyAuth
import AblyTokenEndpoint
import AblyTokens
import Hummingbird

/// The chat's server: it knows the people, holds the API key, and removes who misbehaves.
public struct ChatServer: Sendable {
  private struct SignIn: Decodable {
    let name: String
    let password: String
  }

  private struct Removal: Decodable {
    let name: String
  }

  private let people = People()
  private let endpoint: TokenEndpoint
  private let ably: RESTClient

  /// - Parameter options: where Ably is, and the API key, whose tokens can be revoked.
  public init(options: ClientOptions) throws {
    guard let key = options.auth.key else {
      throw ErrorInfo(.invalidCredentials, "the server needs the API key")
    }
    endpoint = TokenEndpoint(
      try EndpointSetup(
        callers: [people.callers], policy: Doorkeeper(people: people),
        keys: KeyRing([KeyRing.Entry(key: key, revocableTokens: true)]),
        limit: RateLimit(60, per: .seconds(60))))
    ably = try RESTClient(options: options)
  }

  /// What it answers.
  public func router() -> Router<BasicRequestContext> {
    let router = Router()
    router.post("/sign-in") { request, context in
      let form = try await URLEncodedFormDecoder().decode(SignIn.self, from: request, context: context)
      guard let session = people.signIn(form.name, form.password) else { throw HTTPError(.unauthorized) }
      return session
    }
    router.post("/remove") { request, context in
      let form = try await URLEncodedFormDecoder().decode(Removal.self, from: request, context: context)
      guard let name = people.name(in: request.headers) else { throw HTTPError(.unauthorized) }
      guard people[name]?.isModerator == true else { throw HTTPError(.forbidden) }
      try await remove(form.name)
      return HTTPResponse.Status.noContent
    }
    router.tokenEndpoint(endpoint, at: "/auth")
    return router
  }

  // In this order: whoever is revoked first could fetch another token in between.
  private func remove(_ name: String) async throws {
    people.remove(name)
    _ = try await ably.auth.revokeTokens([.clientId(name)])
  }
}
