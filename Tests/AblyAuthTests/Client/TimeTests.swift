internal import AblyAuth
internal import AblyTokens
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Time")
struct TimeTests {
  @Test("RSC16: GET /time, exact to the millisecond, without credentials")
  func time() async throws {
    let transport = StubTransport(.time)
    let time = try await RESTClient.stubbed(transport).time()
    #expect(time == Date(timeIntervalSince1970: 1_704_067_200.123))
    #expect(transport.sent.map(\.line) == ["GET /time"])
    #expect(transport.sent[0]["Authorization"] == nil)
    #expect(transport.sent[0].body.isEmpty)
  }

  @Test("RSC16: under token authentication nothing is obtained for it")
  func noToken() async throws {
    let transport = StubTransport(.time)
    _ = try await RESTClient.stubbed(transport) {
      $0.useTokenAuth = true
      $0.tls = false
    }.time()
    #expect(transport.sent.map(\.line) == ["GET /time"])
    #expect(transport.sent[0].scheme == "http")
    #expect(transport.sent[0]["Authorization"] == nil)
  }

  @Test("RSC16: the service's refusal passes through")
  func refusal() async throws {
    let transport = StubTransport(
      .json(["error": ["code": 50000, "statusCode": 500, "message": "Internal server error"]], status: 500))
    let error = await #expect(throws: ErrorInfo.self) { try await RESTClient.stubbed(transport).time() }
    #expect(error?.statusCode == 500)
    #expect(error?.code == 50000)
    #expect(error?.message == "Internal server error")
  }

  static let nonsense: [JSONValue] = [
    [], ["1"], [.null], 1, "1", ["time": 1], [[1]], .null, [.number(JSONNumber(1.5) ?? JSONNumber(0))],
    [.number(JSONNumber(Double.greatestFiniteMagnitude) ?? JSONNumber(0))],
  ]

  @Test("RSC16: an answer that is no time is an error", arguments: nonsense)
  func unreadable(body: JSONValue) async throws {
    let transport = StubTransport(.json(body))
    let error = await #expect(throws: ErrorInfo.self) { try await RESTClient.stubbed(transport).time() }
    #expect(error?.code == .invalidDataOrEncoding)
    #expect(error?.statusCode == 400)
  }
}
