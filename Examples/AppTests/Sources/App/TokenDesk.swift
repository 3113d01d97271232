import AblyTokens

/// The part of an app that hands tokens to those who have signed in.
public struct TokenDesk: Sendable {
  private let signer: TokenRequestSigner

  /// A desk that signs with this key.
  public init(key: APIKey) {
    signer = TokenRequestSigner(key: key)
  }

  /// What a user's client exchanges for a token: their chats, under their own name.
  public func tokenRequest(for user: String, isModerator: Bool) throws -> TokenRequest {
    var capability: Capability = ["chat:*": [.publish, .subscribe, .history]]
    if isModerator { capability = capability.union(["admin:*": [.publish]]) }
    return try signer.sign(TokenParams(ttl: .seconds(900), capability: capability, clientId: user))
  }
}
