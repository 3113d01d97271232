internal import AblyAuth
internal import AblyTokens
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Random calls against a small model of "replace, never merge".
@Suite("Replace, never merge")
struct ReplaceModelTests {
  struct Model {
    let own: String?
    var params: TokenParams
    var source: Int?

    func asked(_ given: TokenParams?) -> TokenParams { given ?? params }
  }

  static func params(_ random: inout some RandomNumberGenerator) -> TokenParams? {
    guard Int.random(in: 0..<4, using: &random) > 0 else { return nil }
    return TokenParams(
      ttl: Bool.random(using: &random) ? .seconds(Int.random(in: 1..<100, using: &random)) : nil,
      capability: Bool.random(using: &random)
        ? ["c": [Bool.random(using: &random) ? .publish : .subscribe]] : nil,
      clientId: Int.random(in: 0..<3, using: &random) == 0 ? "bob" : nil,
      timestamp: Bool.random(using: &random) ? Date(timeIntervalSince1970: 7) : nil)
  }

  @Test("RSA8e, RSA10j, RSA10g, RSA10h: random calls ask what the model says", arguments: 0..<200)
  func random(seed: UInt64) async throws {
    var random = SplitMix(state: seed)
    let asked = Mutexed<[(source: Int, params: TokenParams)]>([])
    let source: @Sendable (Int) -> AuthOptions = { number in
      AuthOptions(authCallback: { params in
        asked.withLock { $0.append((number, params)) }
        return .token("t")
      })
    }
    var options = ClientOptions()
    options.auth = source(0)
    options.clientId = Bool.random(using: &random) ? "bob" : nil
    options.defaultTokenParams = Self.params(&random)
    let auth = try RESTClient(options: options, transport: StubTransport(.json([])), clock: .stopped()).auth
    var model = Model(own: options.clientId, params: options.defaultTokenParams ?? TokenParams(), source: 0)
    model.params.timestamp = nil
    model.params.clientId = model.own ?? model.params.clientId
    for step in 1...12 {
      let params = Self.params(&random)
      let given: AuthOptions? =
        switch Int.random(in: 0..<5, using: &random) {
        case 0: AuthOptions()
        case 1: source(step)
        default: nil
        }
      let number = given.map { $0.authCallback == nil ? nil : step } ?? model.source
      let isAuthorize = Bool.random(using: &random)
      var expected = model.asked(params)
      if isAuthorize {
        expected.clientId = expected.clientId ?? model.own
        model.params = expected
        model.params.timestamp = nil
        model.source = number
      }
      asked.withLock { $0 = [] }
      let result: Void? =
        isAuthorize
        ? try? await { _ = try await auth.authorize(params, options: given) }()
        : try? await { _ = try await auth.requestToken(params, options: given) }()
      #expect((result != nil) == (number != nil), "seed \(seed), step \(step)")
      #expect(
        asked.withLock { $0.map(\.source) } == (number.map { [$0] } ?? []), "seed \(seed), step \(step)")
      #expect(
        asked.withLock { $0.map(\.params) } == (number == nil ? [] : [expected]), "seed \(seed), step \(step)"
      )
    }
  }
}

/// A generator whose numbers can be had again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
