internal import AblyAuth
internal import AblyTokens
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Random calls against a small model of "replace, never merge".
@Suite("Replace, never merge")
struct ReplaceModelTests {
  typealias Seen = ReplaceModel.Seen
  typealias Outcome = ReplaceModel.Outcome

  static let keys = [Sample.key, "appId.other1:secretOne", "appId.other2:secretTwo"]

  /// What the clients of one test do, in order.
  let seen = Mutexed<[Seen]>([])

  @Test(
    "RSA8e, RSA9h, RSA10e, RSA10g, RSA10h, RSA10j, RSA10k, RSA4, RSA7d: random calls do what the model says",
    arguments: 0..<300)
  func random(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let own = Bool.random(using: &random) ? "bob" : nil
    var ways = Self.ways(&random)
    if own != nil { ways.literal?.clientId = own }
    if !ways.canObtainTokens, ways.literal == nil { ways.key = 0 }
    if ways.key != nil { ways.key = 0 }
    var options = ClientOptions()
    options.auth = try self.options(ways)
    options.clientId = own
    options.useBinaryProtocol = false
    options.defaultTokenParams = Self.params(&random)
    var model = ReplaceModel(own: own, params: options.defaultTokenParams, ways: ways)
    let client = try RESTClient(options: options, transport: transport, clock: .stopped())
    for step in 1...16 {
      let place: Comment = "seed \(seed), step \(step)"
      let params = Self.params(&random)
      let ways = Int.random(in: 0..<3, using: &random) > 0 ? nil : Self.ways(&random)
      let given = try ways.map(self.options)
      let expected: (seen: [Seen], outcome: Outcome)
      let outcome: Outcome
      seen.withLock { $0 = [] }
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        expected = model.requestToken(params, ways)
        outcome = await Self.outcome { try await .token(client.auth.requestToken(params, options: given)) }
      case 1:
        expected = model.createTokenRequest(params, ways)
        outcome = await Self.outcome {
          try await Self.signed(client.auth.createTokenRequest(params, options: given))
        }
      case 2:
        expected = model.request()
        outcome = await Self.outcome {
          _ = try await client.request("GET", "/x")
          return .done
        }
      default:
        expected = model.authorize(params, ways)
        outcome = await Self.outcome { try await .token(client.auth.authorize(params, options: given)) }
      }
      #expect(outcome == expected.outcome, place)
      #expect(seen.withLock { $0 } == expected.seen, place)
      #expect(client.auth.tokenDetails == model.token, place)
      #expect(client.auth.clientId == model.clientId, place)
    }
  }

  // MARK: Values

  static func params(_ random: inout SeededGenerator) -> TokenParams? {
    guard Int.random(in: 0..<4, using: &random) > 0 else { return nil }
    let number = Int.random(in: 1..<1000, using: &random)
    return TokenParams(
      ttl: Bool.random(using: &random) ? .seconds(number) : nil,
      capability: Bool.random(using: &random)
        ? ["c": [Bool.random(using: &random) ? .publish : .subscribe]] : nil,
      clientId: [nil, nil, nil, "bob", "alice", "*"][Int.random(in: 0..<6, using: &random)],
      timestamp: Int.random(in: 0..<4, using: &random) == 0
        ? Date(timeIntervalSince1970: Double(number)) : nil,
      nonce: Int.random(in: 0..<4, using: &random) == 0 ? "given-nonce-\(number)" : nil)
  }

  static func ways(_ random: inout SeededGenerator) -> ReplaceModel.Ways {
    var ways = ReplaceModel.Ways()
    let number = Int.random(in: 0..<3, using: &random)
    if Int.random(in: 0..<3, using: &random) == 0 { ways.callback = number }
    if Int.random(in: 0..<3, using: &random) == 0 { ways.url = number }
    if Bool.random(using: &random) { ways.key = number }
    if Int.random(in: 0..<4, using: &random) == 0 {
      ways.literal = TokenDetails(
        token: "literal-\(number)",
        clientId: [nil, "bob", "alice", "*"][Int.random(in: 0..<4, using: &random)])
    }
    ways.queryTime = Bool.random(using: &random)
    return ways
  }

  func options(_ ways: ReplaceModel.Ways) throws(ErrorInfo) -> AuthOptions {
    var options = AuthOptions()
    if let number = ways.callback {
      options.authCallback = { [seen] params in
        seen.withLock { $0.append(.callback(number, params)) }
        return .tokenDetails(ReplaceModel.answer(params))
      }
    }
    options.authURL = ways.url.map { "https://auth.example/\($0)" }
    options.key = try ways.key.map { (number) throws(ErrorInfo) -> APIKey in try APIKey(Self.keys[number]) }
    options.tokenDetails = ways.literal
    options.queryTime = ways.queryTime
    return options
  }

  static func answer(_ params: TokenParams) -> JSONValue {
    let details = ReplaceModel.answer(params)
    return ["token": .string(details.token), "clientId": details.clientId.map(JSONValue.string) ?? .null]
  }

  // MARK: What is seen

  var transport: StubTransport {
    StubTransport { [seen] sent throws(HTTPFailure) in
      if sent.path == "/time" {
        seen.withLock { $0.append(.time) }
        return .time
      }
      if sent.path == "/x" {
        seen.withLock { $0.append(.request(authorization: sent["Authorization"] ?? "")) }
        return .json([])
      }
      if sent.authority == "auth.example", let number = Int(sent.path.dropFirst()) {
        let params = Self.params(of: sent.query)
        seen.withLock { $0.append(.url(number, params)) }
        return .json(Self.answer(params))
      }
      guard let request = try? TokenRequest(json: JSONValue(parsing: sent.body)),
        case .signed(let key, let params) = Self.signed(request)
      else { return .text("", status: 400) }
      seen.withLock { $0.append(.exchange(key: key, params)) }
      return .json(Self.answer(params))
    }
  }

  /// What a request is signed for; without a nonce that was made for it.
  static func signed(_ request: TokenRequest) -> Outcome {
    let key = keys.firstIndex { $0.hasPrefix("\(request.keyName):") } ?? -1
    let nonce = request.nonce.hasPrefix("given-nonce-") ? request.nonce : nil
    var params = TokenParams(
      ttl: request.ttl, clientId: request.clientId, timestamp: request.timestamp, nonce: nonce)
    params.capabilityText = request.capabilityText
    return .signed(key: key, params)
  }

  static func params(of query: [String]) -> TokenParams {
    var params = TokenParams()
    for field in query {
      let parts = field.split(separator: "=").map { PercentEncoding.decodeForm($0) ?? "" }
      switch (parts.first, parts.last.flatMap(Double.init)) {
      case ("ttl", let milliseconds?): params.ttl = .seconds(milliseconds / 1000)
      case ("timestamp", let milliseconds?):
        params.timestamp = Date(timeIntervalSince1970: milliseconds / 1000)
      case ("capability", _): params.capabilityText = parts.last
      case ("clientId", _): params.clientId = parts.last
      case ("nonce", _): params.nonce = parts.last
      default: Issue.record("unknown field \(field)")
      }
    }
    return params
  }

  static func outcome(_ call: () async throws -> Outcome) async -> Outcome {
    do {
      return try await call()
    } catch let error as ErrorInfo {
      return .error(error.code)
    } catch {
      return .error(0)
    }
  }
}
