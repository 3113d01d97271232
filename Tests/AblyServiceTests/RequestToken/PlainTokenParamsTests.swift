internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct PlainTokenParamsTests {
  private func ask(
    _ desk: Desk, _ body: JSONValue, as headers: [String: String], keyName: String = "appOne.keyRoot"
  ) async -> ServiceResponse {
    await desk.send("POST", "/keys/\(keyName)/requestToken", body, headers: headers)
  }

  @Test("whoever shows the key gets a token for plain TokenParams, again and again")
  func grants() async throws {
    let desk = try Desk()
    let body: JSONValue = [
      "ttl": 1000, "clientId": "bob", "timestamp": .number(JSONNumber(Desk.start)), "nonce": "n",
    ]
    for _ in 0..<2 {
      let response = await ask(desk, body, as: basic(desk.root))
      #expect(response.status == 201, "\(response.body)")
      #expect(response.body["expires"]?.number?.int64 == Desk.start + 1000)
      #expect(response.body["clientId"] == "bob")
    }
    #expect(await ask(desk, [:], as: basic(desk.root)).status == 201)
    #expect(await ask(desk, ["keyName": "appOne.keyRoot"], as: basic(desk.root)).status == 201)
  }

  @Test("nothing shown is 40106, another key 40133, a token 40162, a wrong secret 40101")
  func refuses() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    let wrong = try ServiceKey(APIKey("appOne.keyRoot:wrong"))
    #expect(await ask(desk, [:], as: [:]).refusal == Refusal(401, 40106))
    #expect(await ask(desk, ["mac": .null], as: [:]).refusal == Refusal(401, 40106))
    #expect(await ask(desk, [:], as: basic(desk.chat)).refusal == Refusal(401, 40133))
    #expect(await ask(desk, [:], as: basic(desk.stranger)).refusal == Refusal(401, 40133))
    #expect(await ask(desk, [:], as: bearer(token)).refusal == Refusal(401, 40162))
    #expect(await ask(desk, [:], as: basic(wrong)).refusal == Refusal(401, 40101))
  }

  @Test("what is asked for is checked as in a signed request")
  func checks() async throws {
    let desk = try Desk()
    let refused: [(JSONValue, Refusal)] = [
      (["ttl": -1], Refusal(400, 40003)), (["ttl": 86_400_001], Refusal(400, 40003)),
      (["clientId": "a*"], Refusal(400, 40012)), (["capability": "{}"], Refusal(401, 40160)),
      (["timestamp": 1], Refusal(401, 40104)), (["keyName": "appOne.keyChat"], Refusal(401, 40101)),
      ([1], Refusal(400, 40000)),
    ]
    for (body, refusal) in refused {
      #expect(await ask(desk, body, as: basic(desk.root)).refusal == refusal, "\(body)")
    }
  }

  @Test("a MAC is checked even where the key is shown beside it")
  func signedWins() async throws {
    let desk = try Desk()
    var request = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start)))
    request.secret = "wrong"
    #expect(await ask(desk, request.signed, as: basic(desk.root)).refusal == Refusal(401, 40101))
  }
}
