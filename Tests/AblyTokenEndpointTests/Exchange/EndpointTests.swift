internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import TestSupport
internal import Testing

@Suite struct EndpointTests {
  @Test("a caller gets a signed token request that the key verifies, and no cache may keep it")
  func request() async throws {
    let answer = try await Desk().ask()
    #expect(answer.status == .ok)
    #expect(answer.headerFields[.contentType] == "application/json")
    #expect(answer.headerFields[.cacheControl] == "no-store")
    let request = try #require(answer.tokenRequest)
    #expect(TokenRequestSigner(key: try APIKey(Desk.key)).verify(request))
    #expect(request.clientId == "bob")
    #expect(request.capabilityText == #"{"chat:*":["publish","subscribe"],"news":["subscribe"]}"#)
    #expect(request.ttl == .seconds(3600))
    #expect(request.timestamp == Desk.now)
  }

  @Test("each answer has a nonce of its own")
  func nonces() async throws {
    let desk = try Desk()
    let first = await desk.ask().tokenRequest?.nonce
    let second = await desk.ask().tokenRequest?.nonce
    #expect(first != nil && first != second)
  }

  @Test("an Ably JWT carries the grant, revocation key, claims and rates among it")
  func jwt() async throws {
    let policy = ClosurePolicy { _, _ in
      .grant(
        TokenGrant(
          clientId: "bob", capability: ["chat": [.publish]], ttl: .seconds(600), revocationKey: "org-1",
          channelClaims: ["chat": "admin"], publishRates: ["chat": 5]))
    }
    let answer = try await Desk(policy: policy, form: .jwt).ask()
    #expect(answer.headerFields[.contentType] == "application/jwt")
    #expect(answer.headerFields[.cacheControl] == "no-store")
    let claims = try AblyJWTSigner(key: APIKey(Desk.key)).verify(answer.text, at: Desk.now)
    #expect(claims.clientId == "bob")
    #expect(claims.revocationKey == "org-1")
    #expect(claims.channelClaims == ["chat": "admin"])
    #expect(claims.publishRates == ["chat": 5])
    #expect(claims.expires == Desk.now.addingTimeInterval(600))
  }

  @Test("a token is obtained with a request that the key signed")
  func details() async throws {
    let source = StubSource(outcome: .success(TokenDetails(token: "opaque", clientId: "bob")))
    let answer = try await Desk(form: .details(source)).ask()
    #expect(answer.status == .ok)
    #expect(answer.headerFields[.contentType] == "application/json")
    #expect(answer.json["token"] == "opaque")
    let request = try #require(source.requests.first)
    #expect(TokenRequestSigner(key: try APIKey(Desk.key)).verify(request))
  }

  @Test(
    "Ably that is not there is a 503 to try again, whatever it said",
    arguments: [
      ErrorInfo(.timeout, "no answer", statusCode: 0), ErrorInfo(.invalidCredentials, "no", statusCode: 401),
    ])
  func upstream(_ error: ErrorInfo) async throws {
    let answer = try await Desk(form: .details(StubSource(outcome: .failure(error)))).ask()
    #expect(answer.status.code == 503)
    #expect(answer.code == 50003)
    #expect(answer.headerFields[.retryAfter] != nil)
  }

  @Test("no credentials are a 401 that says which are wanted")
  func unauthenticated() async throws {
    let answer = try await Desk().ask(token: nil)
    #expect(answer.status.code == 401)
    #expect(answer.code == 40100)
    #expect(answer.headerFields[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
    #expect(answer.headerFields[.cacheControl] == "no-store")
    #expect(answer.json["error"]?["statusCode"] == 401)
    #expect(answer.json["error"]?["href"]?.string?.contains("40100") == true)
  }

  @Test("a refusal of the policy is a 403 with its reason")
  func refused() async throws {
    let answer = try await Desk(policy: ClosurePolicy { _, _ in .refuse("this account is banned") }).ask()
    #expect(answer.status.code == 403)
    #expect(answer.code == 40300)
    #expect(answer.json["error"]?["message"] == "this account is banned")
  }

  @Test("a policy that fails grants nothing and is asked again later")
  func broken() async throws {
    struct Lost: Error {}
    let answer = try await Desk(policy: ClosurePolicy { _, _ in throw Lost() }).ask()
    #expect(answer.status.code == 503)
  }

  @Test("what an app's own errors say is for the record, not for the client")
  func ownErrors() async throws {
    struct HiddenDatabaseError: Error {}
    let inner = ErrorInfo(.internalError, "database db7.internal: no route", statusCode: 500)
    for error in [inner, HiddenDatabaseError()] as [any Error & Sendable] {
      let desks = [
        try Desk(policy: ClosurePolicy { _, _ in throw error }),
        try Desk(callers: [ClosureCallers { _ in throw error }]),
      ]
      for desk in desks {
        let answer = await desk.ask()
        #expect(answer.status.code == 503)
        #expect(!answer.text.contains("db7") && !answer.text.contains("Hidden"), "\(answer.text)")
        #expect(desk.audit.lines.contains("db7") || desk.audit.lines.contains("HiddenDatabaseError"))
      }
    }
  }

  @Test("a grant of a key that is not there is a 503", arguments: ["other", ""])
  func unknownKey(_ name: String) async throws {
    let policy = ClosurePolicy { _, _ in
      .grant(TokenGrant(clientId: "bob", capability: ["a": [.publish]], key: name))
    }
    #expect(try await Desk(policy: policy).ask().status.code == 503)
  }

  @Test("a grant chooses its key by name")
  func keys() async throws {
    let ring = try KeyRing([
      KeyRing.Entry(name: "one", key: APIKey(Desk.key)), KeyRing.Entry(name: "two", key: APIKey("app.two:s")),
    ])
    let policy = ClosurePolicy { _, _ in
      .grant(TokenGrant(clientId: "bob", capability: ["a": [.publish]], key: "two"))
    }
    #expect(try await Desk(policy: policy, keys: ring).ask().tokenRequest?.keyName == "app.two")
    #expect(try await Desk(keys: ring).ask().tokenRequest?.keyName == "demo00.key000")
  }

  @Test("other methods are a 405", arguments: [HTTPRequest.Method.put, .delete, .head, .patch, .options])
  func methods(_ method: HTTPRequest.Method) async throws {
    let answer = try await Desk().ask(method: method)
    #expect(answer.status.code == 405)
    #expect(answer.headerFields[.allow] == "GET, POST, OPTIONS")
  }

  @Test("too many requests of one caller are a 429 that says how long to wait, and others are not held up")
  func limit() async throws {
    let desk = try Desk(limit: RateLimit(2, per: .seconds(60)))
    #expect(await desk.ask().status == .ok)
    #expect(await desk.ask().status == .ok)
    let answer = await desk.ask()
    #expect(answer.status.code == 429)
    #expect(answer.code == 42922)
    #expect(answer.headerFields[.retryAfter] == "30")
    #expect(await desk.ask(token: Login.token(["sub": "ann"])).status == .ok)
    desk.clock.withLock { $0 += 30 }
    #expect(await desk.ask().status == .ok)
  }

  @Test("each decision leaves a record of who, which rule, and what; none holds a secret or a token")
  func audit() async throws {
    let desk = try Desk(form: .jwt)
    let granted = await desk.ask()
    _ = await desk.ask("clientId=ann")
    _ = await desk.ask(token: nil)
    #expect(desk.audit.records.count == 3)
    let lines = desk.audit.lines
    #expect(lines.contains(#""decision":"granted","caller":"bob","way":"jwt","rule":"members""#))
    #expect(lines.contains(#""decision":"refused","caller":"bob","way":"jwt","rule":"members","status":403"#))
    #expect(lines.contains(#""status":401,"code":40100"#))
    for secret in [Desk.secret, "only-for-this-machine", granted.text, Login.token()] {
      #expect(!lines.contains(secret))
    }
  }

  @Test("a capability of any size takes little of the record")
  func largeCapability() async throws {
    let resources = (0..<500).map {
      (Capability.Resource("channel-\($0)"), Set([Capability.Operation.publish]))
    }
    let capability = Capability(Dictionary(uniqueKeysWithValues: resources))
    let policy = ClosurePolicy { _, _ in .grant(TokenGrant(clientId: "bob", capability: capability)) }
    let desk = try Desk(policy: policy)
    #expect(await desk.ask().status == .ok)
    #expect(desk.audit.lines.utf8.count < 2000)
    #expect(desk.audit.lines.contains("channel-0"))
    #expect(desk.audit.lines.contains("500 resources"))
  }

  @Test("what is refused before it is understood names its caller all the same, and a stranger nowhere")
  func auditOfNonsense() async throws {
    let desk = try Desk()
    #expect(await desk.ask("ttl=soon").status.code == 400)
    #expect(await desk.ask("ttl=soon", token: "nonsense").status.code == 400)
    let callers = desk.audit.records.map(\.caller)
    #expect(callers == ["bob", nil])
    #expect(desk.audit.lines.contains(#""decision":"refused","caller":"bob","way":"jwt","status":400"#))
  }

  @Test("a caller's name cannot begin a line of its own in the log")
  func forgedLine() async throws {
    let desk = try Desk()
    _ = await desk.ask(token: Login.token(["sub": "bob\n{\"decision\":\"granted\"}"]))
    #expect(desk.audit.lines.split(separator: "\n").count == 1)
  }
}

/// Stands for Ably.
final class StubSource: TokenObtaining {
  private let outcome: Result<TokenDetails, ErrorInfo>
  private let asked = Mutexed<[TokenRequest]>([])
  var requests: [TokenRequest] { asked.withLock { $0 } }

  init(outcome: Result<TokenDetails, ErrorInfo>) { self.outcome = outcome }

  func obtain(_ request: TokenRequest) async throws(ErrorInfo) -> TokenDetails {
    asked.withLock { $0.append(request) }
    return try outcome.get()
  }
}
