internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ReplayTests {
  @Test("RSA9c: a request is exchanged once, as long as its timestamp is accepted")
  func once() async throws {
    let desk = try Desk()
    let body = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start + 120_000))).signed
    #expect(await desk.exchange(body, keyName: "appOne.keyRoot").status == 201)
    for _ in 0..<8 {
      #expect(await desk.exchange(body, keyName: "appOne.keyRoot").refusal == Refusal(401, 40105))
      desk.clock.advance(by: 30_000)
    }
    #expect(await desk.exchange(body, keyName: "appOne.keyRoot").refusal == Refusal(401, 40105))
    desk.clock.advance(by: 1)
    #expect(await desk.exchange(body, keyName: "appOne.keyRoot").refusal == Refusal(401, 40104))
  }

  @Test("a quoted timestamp is the same timestamp")
  func quoted() async throws {
    let desk = try Desk()
    let number = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start))).signed
    let text = HandSignedRequest(timestamp: .string(String(Desk.start))).signed
    #expect(await desk.exchange(number, keyName: "appOne.keyRoot").status == 201)
    #expect(await desk.exchange(text, keyName: "appOne.keyRoot").refusal == Refusal(401, 40105))
  }

  @Test("a request that was refused has not been used")
  func refusalBurnsNothing() async throws {
    let desk = try Desk()
    let early = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start + 130_000))).signed
    #expect(await desk.exchange(early, keyName: "appOne.keyRoot").refusal == Refusal(401, 40104))
    desk.clock.advance(by: 10_000)
    #expect(await desk.exchange(early, keyName: "appOne.keyRoot").status == 201)

    let greedy = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start))).with("ttl", -1)
    #expect(await desk.exchange(greedy.signed, keyName: "appOne.keyRoot").refusal == Refusal(400, 40003))
    #expect(await desk.exchange(greedy.with("ttl", 1).signed, keyName: "appOne.keyRoot").status == 201)
  }

  @Test("of many equal requests at one moment exactly one passes")
  func race() async throws {
    let desk = try Desk()
    let body = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start))).signed
    let statuses = await withTaskGroup(of: Int.self) { tasks in
      for _ in 0..<64 { tasks.addTask { await desk.exchange(body, keyName: "appOne.keyRoot").status } }
      return await tasks.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.count { $0 == 201 } == 1)
    #expect(statuses.count { $0 == 401 } == 63)
  }
}
