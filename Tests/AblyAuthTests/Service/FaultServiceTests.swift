internal import AblyAuth
internal import AblyService
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("Against the service, over HTTP: faults", .endsAtLast)
struct FaultServiceTests {
  private static func fault(_ code: Int64, _ status: Int) -> FaultRule {
    let error: JSONValue = [
      "code": .number(JSONNumber(code)), "statusCode": .number(JSONNumber(status)), "message": "a fault",
    ]
    return FaultRule(
      .request(path: "/channels/"), .respond(status: status, body: ["error": error], headers: [:]), times: 1)
  }

  /// Options of somebody who gets tokens of the service, which are noted.
  private static func options(_ service: AblyTestService, _ tokens: Mutexed<[String]>) throws -> ClientOptions
  {
    let issuer = try service.client()
    var options = ClientOptions()
    options.authCallback = { params in
      let token = try await issuer.auth.requestToken(params)
      tokens.withLock { $0.append(token.token) }
      return .tokenDetails(token)
    }
    options = service.options(options)
    // So that it depends on the endpoint alone whether there are any.
    options.fallbackHosts = nil
    return options
  }

  @Test("RSC10, RSA4b: a token that is refused with 401 is replaced, and the request goes out again, once")
  func renews() async throws {
    try await withAblyService(listening: true) { service in
      let tokens = Mutexed<[String]>([])
      let client = try RESTClient(options: try Self.options(service, tokens))
      service.add(faults: Self.fault(40142, 401))
      let result = try await client.channel("a").publish(name: "n", data: "hello")
      #expect(result.serials.count == 1)
      let issued = tokens.withLock(\.self)
      #expect(issued.count == 2 && Set(issued).count == 2)
      #expect(client.auth.tokenDetails?.token == issued.last)
      #expect(try await client.channel("a").history().items.map(\.data) == ["hello"])
      #expect(tokens.withLock(\.count) == 2)
    }
  }

  @Test("RSC15m, REC2c2: with a host of one's own there is no other, and a 503 is an error at once")
  func noFallback() async throws {
    try await withAblyService(listening: true) { service in
      let tokens = Mutexed<[String]>([])
      let client = try RESTClient(options: try Self.options(service, tokens))
      service.add(faults: Self.fault(50003, 503))
      let error = await #expect(throws: ErrorInfo.self) {
        try await client.channel("a").publish(name: "n", data: "lost")
      }
      #expect(error?.statusCode == 503)
      #expect(error?.code.rawValue == 50003)
      // The fault met one request: another, wherever it went, would have been carried out.
      #expect(try await client.channel("a").history().items.isEmpty)
      #expect(tokens.withLock(\.count) == 1)
    }
  }
}
