internal import AblyTokenEndpoint
internal import AblyTokens
internal import Crypto
internal import Foundation
internal import HTTPTypes
internal import TestSupport
internal import Testing

@Suite struct KeySetTests {
  private static let elliptic = P256.Signing.PrivateKey()
  private static let edwards = Curve25519.Signing.PrivateKey()

  private static func jwks(_ keys: [JSONValue]) -> [UInt8] { JSONValue.object(["keys": .array(keys)]).utf8 }

  private static var ellipticKey: JSONValue {
    let point = elliptic.publicKey.rawRepresentation
    return [
      "kty": "EC", "crv": "P-256", "kid": "ec", "use": "sig", "x": .string(Login.url(point.prefix(32))),
      "y": .string(Login.url(point.suffix(32))),
    ]
  }

  private static var edwardsKey: JSONValue {
    [
      "kty": "OKP", "crv": "Ed25519", "kid": "ed",
      "x": .string(Login.url(edwards.publicKey.rawRepresentation)),
    ]
  }

  private static func ellipticToken(
    _ changes: [String: JSONValue] = [:], header: [String: JSONValue] = ["alg": "ES256", "kid": "ec"]
  ) throws -> String {
    try Login.signed(changes, header: header) { try elliptic.signature(for: Data($0.utf8)).rawRepresentation }
  }

  private static func edwardsToken(_ header: [String: JSONValue] = ["alg": "EdDSA", "kid": "ed"]) throws
    -> String
  {
    try Login.signed([:], header: header) { try edwards.signature(for: Data($0.utf8)) }
  }

  private func desk(_ source: any KeySetSource, limits: KeySetLimits = KeySetLimits()) throws -> Desk {
    try Desk(callers: [
      KeySetCallers(
        keys: KeySet(source, limits: limits), checks: WebTokenChecks(issuer: Desk.issuer, audience: "chat"))
    ])
  }

  @Test("ES256 and EdDSA tokens verify by the key that they name")
  func verified() async throws {
    let desk = try desk(StubKeys(Self.jwks([Self.ellipticKey, Self.edwardsKey])))
    #expect(await desk.ask(token: try Self.ellipticToken()).tokenRequest?.clientId == "bob")
    #expect(await desk.ask(token: try Self.edwardsToken()).tokenRequest?.clientId == "bob")
  }

  @Test("a token that openssl signed by RS256 verifies, and a changed one does not")
  func rsa() async throws {
    let url = try #require(
      Bundle.module.url(forResource: "rs256", withExtension: "json", subdirectory: "Vectors"))
    let vector = try JSONValue(parsing: Data(contentsOf: url))
    let token = try #require(vector["token"]?.string)
    let desk = try desk(StubKeys(try #require(vector["jwks"]).utf8))
    #expect(await desk.ask(token: token).tokenRequest?.clientId == "carol")
    let claims = Login.url(Data(JSONValue.object(Login.claims).text.utf8))
    let parts = token.split(separator: ".")
    #expect(await desk.ask(token: "\(parts[0]).\(claims).\(parts[2])").status.code == 401)
  }

  @Test(
    "algorithms are not confused: neither a public key as a secret, nor one kind of key for another, nor none"
  )
  func confusion() async throws {
    let jwks = Self.jwks([Self.ellipticKey, Self.edwardsKey])
    let desk = try desk(StubKeys(jwks))
    let point = Self.elliptic.publicKey
    let forged = [
      Login.token(header: ["alg": "HS256", "kid": "ec"], secret: point.pemRepresentation),
      Login.token(header: ["alg": "HS256", "kid": "ec"], secret: String(decoding: jwks, as: UTF8.self)),
      try Self.ellipticToken(header: ["alg": "EdDSA", "kid": "ec"]),
      try Self.ellipticToken(header: ["alg": "ES256", "kid": "ed"]),
      try Self.ellipticToken(header: ["alg": "RS256", "kid": "ec"]),
      try Self.ellipticToken(header: ["alg": "ES384", "kid": "ec"]),
      try Self.edwardsToken(["alg": "ES256", "kid": "ed"]),
      try Self.edwardsToken(["alg": "none", "kid": "ed"]),
      try Self.edwardsToken(["alg": "EdDSA"]), try Self.ellipticToken(["exp": 1]),
      try Self.ellipticToken(["aud": "x"]), try Self.ellipticToken(["iss": "x"]),
    ]
    for token in forged { #expect(await desk.ask(token: token).status.code == 401, "\(token)") }
  }

  @Test("a thousand tokens with unknown keys cause one fetch more, not a storm")
  func storm() async throws {
    let source = StubKeys(Self.jwks([Self.ellipticKey]))
    let desk = try desk(source)
    #expect(await desk.ask(token: try Self.ellipticToken()).status == .ok)
    #expect(source.count == 1)
    desk.clock.withLock { $0 += 11 }
    for number in 0..<1000 {
      let token = try Self.ellipticToken(header: ["alg": "ES256", "kid": .string("unknown \(number)")])
      #expect(await desk.ask(token: token).status.code == 401)
    }
    #expect(source.count == 2)
  }

  @Test("of many who come at once, one fetches")
  func together() async throws {
    let source = StubKeys(Self.jwks([Self.ellipticKey]))
    let desk = try desk(source)
    let token = try Self.ellipticToken()
    let codes: [Int] = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<100 { group.addTask { await desk.ask(token: token).status.code } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes.allSatisfy { $0 == 200 })
    #expect(source.count == 1)
  }

  @Test("what is refused anyway asks for no key")
  func noFetch() async throws {
    let source = StubKeys(Self.jwks([Self.ellipticKey]))
    let desk = try desk(source)
    _ = await desk.ask(token: Login.token())
    _ = await desk.ask(token: try Self.ellipticToken(["exp": 1]))
    _ = await desk.ask(token: "x.y.z")
    #expect(source.count == 0)
  }

  @Test("an asker who leaves does not end the fetch, so that nobody can cause one after the other")
  func cancelled() async throws {
    let source = GatedKeys(Self.jwks([Self.ellipticKey]))
    let desk = try desk(source)
    let token = try Self.ellipticToken()
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { _ = await desk.ask(token: token) }
      await source.begun()
      tasks.cancelAll()
      source.open()
    }
    #expect(await desk.ask(token: token).status == .ok)
    #expect(source.count == 1)
  }

  @Test("keys in a file are read, and read again when they have aged")
  func file() async throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(Self.jwks([Self.ellipticKey])).write(to: url)
    let desk = try desk(KeySetFile(path: url.path))
    #expect(await desk.ask(token: try Self.ellipticToken()).status == .ok)
    try Data(Self.jwks([Self.edwardsKey])).write(to: url)
    #expect(await desk.ask(token: try Self.ellipticToken()).status == .ok)
    desk.clock.withLock { $0 += 601 }
    let late: [String: JSONValue] = ["exp": 1_800_002_000]
    #expect(await desk.ask(token: try Self.ellipticToken(late)).status.code == 401)
  }

  @Test("keys rotate: a new one is learnt of, and one that was taken away is no longer believed")
  func rotation() async throws {
    let source = StubKeys(Self.jwks([Self.ellipticKey]))
    let desk = try desk(source)
    #expect(await desk.ask(token: try Self.ellipticToken()).status == .ok)
    source.answer(Self.jwks([Self.edwardsKey]))
    desk.clock.withLock { $0 += 11 }
    #expect(await desk.ask(token: try Self.edwardsToken()).status == .ok)
    #expect(await desk.ask(token: try Self.ellipticToken()).status.code == 401)
  }

  @Test("a source that fails is a 503 without keys, and a day of the old keys with them")
  func outage() async throws {
    let source = StubKeys(nil)
    let desk = try desk(source)
    let refused = await desk.ask(token: try Self.ellipticToken(["exp": 1_900_000_000]))
    #expect(refused.status.code == 503)
    #expect(refused.code == 50003)
    #expect(refused.headerFields[.retryAfter] != nil)
    // Asked again at once, it does not hammer.
    _ = await desk.ask(token: try Self.ellipticToken())
    #expect(source.count == 1)
    source.answer(Self.jwks([Self.ellipticKey]))
    desk.clock.withLock { $0 += 11 }
    let token = try Self.ellipticToken(["exp": 1_900_000_000])
    #expect(await desk.ask(token: token).status == .ok)
    source.answer(nil)
    desk.clock.withLock { $0 += 3600 }
    #expect(await desk.ask(token: token).status == .ok)
    #expect(
      await desk.ask(
        token: try Self.ellipticToken(["exp": 1_900_000_000], header: ["alg": "ES256", "kid": "x"])
      ).status.code == 503)
    desk.clock.withLock { $0 += 86_400 }
    #expect(await desk.ask(token: token).status.code == 503)
  }

  @Test(
    "a source that lies is a 503",
    arguments: [
      "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[]}"#, #"{"keys":[1,null,"a",[]]}"#, "<html>",
      #"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#,
      #"{"keys":[{"kty":"RSA","kid":"ec","n":"AQAB","e":"AQAB"}]}"#,
      #"{"keys":[{"kty":"EC","crv":"P-256","kid":"ec","x":"AA","y":"AA"}]}"#,
      #"{"keys":[{"kty":"EC","crv":"P-256","kid":"ec","x":"!!","y":"!!"}]}"#,
      "{\"keys\":" + String(repeating: "[", count: 10_000),
    ])
  func lies(_ text: String) async throws {
    let desk = try desk(StubKeys(Array(text.utf8)))
    #expect(await desk.ask(token: try Self.ellipticToken()).status.code == 503)
  }

  @Test("more keys than anybody has are refused")
  func tooMany() async throws {
    let desk = try desk(StubKeys(Self.jwks(Array(repeating: Self.ellipticKey, count: 101))))
    #expect(await desk.ask(token: try Self.ellipticToken()).status.code == 503)
  }

  @Test(
    "a web address that hangs, floods, hangs up or refuses is a 503 in bounded time",
    arguments: [
      RawServer.Behaviour.hang(""), .hang("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
      .hangUp("HTTP/1.1 200 OK\r\n"),
      .flood("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"),
      .flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
      .answer("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
      .answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"),
      .answer("not HTTP at all\r\n\r\n"),
    ])
  func hostile(_ behaviour: RawServer.Behaviour) async throws {
    let token = try Self.ellipticToken()
    let code = try await RawServer.run(behaviour) { server in
      let source = try KeySetAddress(url: "http://127.0.0.1:\(server.port)/jwks.json")
      let desk = try desk(source, limits: KeySetLimits(timeout: .milliseconds(500)))
      return await desk.ask(token: token).status.code
    }
    #expect(code == 503)
  }

  @Test("a web address that answers gives its keys")
  func fetched() async throws {
    let body = String(decoding: Self.jwks([Self.ellipticKey]), as: UTF8.self)
    let answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let token = try Self.ellipticToken()
    try await RawServer.run(.answer(answer)) { server in
      let desk = try desk(
        KeySetAddress(url: "http://127.0.0.1:\(server.port)/jwks.json"),
        limits: KeySetLimits(timeout: .seconds(60)))
      #expect(await desk.ask(token: token).status == .ok)
      #expect(await desk.ask(token: token).status == .ok)
      #expect(server.requests.count == 1)
    }
  }

  @Test(
    "keys are fetched by https alone, but for this very machine",
    arguments: [
      "http://login.example/jwks", "ftp://login.example/jwks", "login.example", "", "https://",
      "http://127.0.0.1.evil.example/",
      "https://user:secret@login.example/", "http://localhost.evil.example/",
    ])
  func addresses(_ url: String) { #expect(throws: ErrorInfo.self) { try KeySetAddress(url: url) } }
}

/// Gives its keys once a gate is open, unless it is cancelled before.
final class GatedKeys: KeySetSource {
  private let bytes: [UInt8]
  private let calls = Mutexed(0)
  private let begins = AsyncStream.makeStream(of: Void.self)
  private let gate = AsyncStream.makeStream(of: Void.self)
  var count: Int { calls.withLock { $0 } }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func begun() async { for await _ in begins.stream { return } }

  func open() { gate.continuation.finish() }

  func load(limit: Int, timeout: Duration) async throws(ErrorInfo) -> [UInt8] {
    calls.withLock { $0 += 1 }
    begins.continuation.yield()
    for await _ in gate.stream {}
    guard !Task.isCancelled else { throw ErrorInfo(.timeout, "cancelled", statusCode: 503) }
    return bytes
  }
}

/// Gives what a test sets, and counts.
final class StubKeys: KeySetSource {
  private let state: Mutexed<(bytes: [UInt8]?, count: Int)>
  var count: Int { state.withLock { $0.count } }

  init(_ bytes: [UInt8]?) { state = Mutexed((bytes, 0)) }

  func answer(_ bytes: [UInt8]?) { state.withLock { $0.bytes = bytes } }

  func load(limit: Int, timeout: Duration) async throws(ErrorInfo) -> [UInt8] {
    let bytes = state.withLock { state in
      state.count += 1
      return state.bytes
    }
    await Task.yield()
    guard let bytes else { throw ErrorInfo(.timeout, "not there", statusCode: 503) }
    return bytes
  }
}
