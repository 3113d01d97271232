internal import AblyTokens
internal import Testing

@testable internal import AblyService

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite struct HostileInputTests {
  private static let deep = String(repeating: "[", count: 100_000)

  @Test(
    "a requestToken body that is refused with 40000",
    arguments: [
      "", " ", "null", "7", "[]", "\"text\"", "{", "{}}", "{\"mac\":\"x\"}", "{\"mac\":\"x\",}", "\u{FEFF}{}",
      "{\"mac\":1,\"keyName\":\"appOne.keyRoot\",\"timestamp\":1,\"nonce\":\"n\"}",
      "{\"mac\":\"a\",\"mac\":\"b\"}",
      "{\"a\":" + deep, deep, "{\"nonce\":[]}", "{\"capability\":[]}", "{\"clientId\":{}}",
      "{\"a\":\"\\ud800\"}",
    ])
  func bodies(_ body: String) async throws {
    let desk = try Desk()
    let request = ServiceRequest("POST", "/keys/appOne.keyRoot/requestToken", body: Array(body.utf8))
    #expect(await desk.core.respond(to: request).refusal == Refusal(400, 40000))
  }

  @Test("bytes that are not UTF-8 are refused with 40000")
  func notText() async throws {
    let desk = try Desk()
    for bytes: [UInt8] in [
      [0xFF], [0x22, 0xC3, 0x22], [0x00], Array("{\"a\":\"".utf8) + [0xED, 0xA0, 0x80, 0x22, 0x7D],
    ] {
      let request = ServiceRequest("POST", "/keys/appOne.keyRoot/requestToken", body: bytes)
      #expect(await desk.core.respond(to: request).refusal == Refusal(400, 40000))
    }
  }

  @Test(
    "RSA9: a mutated token request is answered, and never with a token it was not signed for",
    arguments: 0..<16 as Range<UInt64>)
  func tokenRequests(_ seed: UInt64) async throws {
    let desk = try Desk()
    var mutator = Mutator(seed: seed)
    let signed = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start)))
      .with("ttl", 3_600_000).with("capability", #"{"chat:*":["publish"]}"#).with("clientId", "bob").signed
    for _ in 0..<250 {
      let body = mutator.mutate(signed.utf8)
      let response = await desk.core.respond(
        to: ServiceRequest("POST", "/keys/appOne.keyRoot/requestToken", body: body))
      #expect((400...401).contains(response.status) || response.status == 201)
      if response.status == 201 {
        #expect(response.body["capability"] == #"{"chat:*":["publish"]}"#)
        #expect(response.body["clientId"] == "bob")
        #expect(response.body["expires"]?.number?.int64 == Desk.start + 3_600_000)
      }
    }
  }

  @Test(
    "a mutated publish is answered, and what it published can be read", arguments: 100..<116 as Range<UInt64>)
  func publishes(_ seed: UInt64) async throws {
    let desk = try Desk()
    var mutator = Mutator(seed: seed)
    let body: JSONValue = [
      [
        "id": "a:0", "name": "n", "data": "d", "clientId": "bob", "encoding": "utf-8",
        "extras": ["headers": ["a": 1]],
      ],
      ["id": "a:1", "name": "n", "data": ["x": [1, .null]]],
    ]
    for _ in 0..<250 {
      let response = await desk.core.respond(
        to: ServiceRequest(
          "POST", "/channels/x/messages", headers: basic(desk.root), body: mutator.mutate(body.utf8)))
      #expect(response.status == 201 || response.status == 400)
    }
    let history = await desk.history("x", "?limit=1000")
    #expect(history.status == 200)
    #expect(try JSONValue(parsing: history.body.utf8) == history.body)
  }

  @Test("a mutated request line or header is answered", arguments: 200..<216 as Range<UInt64>)
  func requests(_ seed: UInt64) async throws {
    let desk = try Desk()
    var mutator = Mutator(seed: seed)
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "*")).token
    for _ in 0..<250 {
      let target = mutator.mutate(
        Array("/channels/[?a=1]chat:lobby/messages?limit=5&start=1&end=2&cursor=0-0".utf8))
      let authorization = mutator.mutate(Array("Bearer \(token)".utf8))
      let clientId = mutator.mutate(Array("Ym9i".utf8))
      let response = await desk.core.respond(
        to: ServiceRequest(
          "GET", String(decoding: target, as: UTF8.self),
          headers: [
            "authorization": String(decoding: authorization, as: UTF8.self),
            "x-ably-clientid": String(decoding: clientId, as: UTF8.self),
          ]))
      #expect([200, 400, 401, 404].contains(response.status))
    }
  }

  @Test(
    "a clock from outside all calendars is answered",
    arguments: [
      -Double.infinity, -1e300, 0, 1e300, .infinity, .nan,
    ])
  func clocks(_ seconds: Double) async throws {
    let desk = try Desk()
    let core = try ServiceCore(keys: [desk.root]) { .init(timeIntervalSince1970: seconds) }
    let body: JSONValue = ["ttl": 86_400_000]
    let response = await core.respond(
      to: ServiceRequest(
        "POST", "/keys/appOne.keyRoot/requestToken", headers: basic(desk.root), body: body.utf8))
    #expect(response.status == 201)
  }
}
