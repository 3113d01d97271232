internal import AblyTokens
internal import HTTPTypes

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// An answer that gives a token, and what it gives.
struct IssuedAnswer: Sendable {
  let response: EndpointResponse
  let grant: TokenGrant
  let keyName: String
}

extension EndpointSetup.Parts {
  private static let json: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
  private static let jwt: HTTPFields = [.contentType: "application/jwt", .cacheControl: "no-store"]

  /// The token, if it can be made here.
  func promptAnswer(_ grant: TokenGrant, at now: Date) throws(Refusal) -> IssuedAnswer? {
    switch form {
    case .request: try signedRequest(grant, at: now)
    case .jwt: try mintedToken(grant, at: now)
    case .details: nil
    }
  }

  /// The token that somebody else has to be asked for.
  func obtainedAnswer(_ grant: TokenGrant) async throws(Refusal) -> IssuedAnswer {
    guard case .details(let source) = form else { throw .unavailable("this form is made here") }
    let key = try key(of: grant)
    do throws(ErrorInfo) {
      let details = try await source.obtain(try key.requests.sign(grant.params))
      return answer(Self.json, try details.json().utf8, grant, key)
    } catch {
      if error.code == .capabilityDenied { throw .forbidden("Ably grants nothing of the capability") }
      throw .unavailable("Ably gave no token: \(error.code.rawValue)")
    }
  }

  private func signedRequest(_ grant: TokenGrant, at now: Date) throws(Refusal) -> IssuedAnswer {
    let key = try key(of: grant)
    do throws(ErrorInfo) {
      return answer(Self.json, try key.requests.sign(grant.params, at: now).jsonUTF8, grant, key)
    } catch {
      throw Self.unsignable(error)
    }
  }

  private func mintedToken(_ grant: TokenGrant, at now: Date) throws(Refusal) -> IssuedAnswer {
    let key = try key(of: grant)
    guard grant.ttl >= .seconds(1) else { throw .malformed("a JWT lives for a second at least") }
    do throws(ErrorInfo) {
      let claims = AblyJWT.Claims(
        ttl: grant.ttl, capability: grant.capability, clientId: grant.clientId,
        revocationKey: grant.revocationKey, channelClaims: grant.channelClaims,
        publishRates: grant.publishRates, issuedAt: now)
      let token = try key.tokens.mint(claims, keyIsRevocable: key.revocableTokens).token
      return answer(Self.jwt, Array(token.utf8), grant, key)
    } catch {
      throw Self.unsignable(error)
    }
  }

  private func answer(
    _ fields: HTTPFields, _ body: [UInt8], _ grant: TokenGrant, _ key: KeyRing.Entry
  ) -> IssuedAnswer {
    IssuedAnswer(
      response: EndpointResponse(status: .ok, headerFields: fields, body: body), grant: grant,
      keyName: key.key.keyName)
  }

  private func key(of grant: TokenGrant) throws(Refusal) -> KeyRing.Entry {
    guard let entry = keys[grant.key] else { throw .unavailable("the policy names a key that is not there") }
    return entry
  }

  // The grant is the policy's: what cannot be signed of it is no fault of the client's.
  private static func unsignable(_ error: ErrorInfo) -> Refusal {
    .forbidden("what the policy grants cannot be put into a token: \(error.message)")
  }
}

extension TokenGrant {
  fileprivate var params: TokenParams { TokenParams(ttl: ttl, capability: capability, clientId: clientId) }
}
