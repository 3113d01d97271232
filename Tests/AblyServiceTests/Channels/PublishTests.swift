internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct PublishTests {
  @Test("RSL1n: the answer names the channel, the ids' prefix and a serial for each message")
  func answers() async throws {
    let desk = try Desk()
    let response = await desk.publish([["name": "a"], ["name": "b"]], as: basic(desk.root))
    #expect(response.status == 201)
    #expect(response.body["channel"] == "chat:lobby")
    let prefix = try #require(response.body["messageId"]?.string)
    let serials = try #require(response.body["serials"]?.array)
    let stored = try #require(await desk.history().body.array)
    #expect(stored.map { $0["serial"] } == serials.reversed())
    #expect(stored.map { $0["id"] } == [.string("\(prefix):1"), .string("\(prefix):0")])
  }

  @Test("RSL1j, TM2: name, data, encoding and extras come back as they were; what is unknown does not")
  func keeps() async throws {
    let desk = try Desk()
    let message: JSONValue = [
      "name": "n", "data": "d", "encoding": "utf-8/x", "extras": ["headers": ["a": 1]], "unknown": true,
      "serial": "mine", "timestamp": 1, "clientId": .null,
    ]
    #expect(await desk.publish(message, as: basic(desk.root)).status == 201)
    let stored = try #require(await desk.history().body.array?.first?.object)
    #expect(stored["name"] == "n")
    #expect(stored["data"] == "d")
    #expect(stored["encoding"] == "utf-8/x")
    #expect(stored["extras"] == ["headers": ["a": 1]])
    #expect(stored["timestamp"] == .number(JSONNumber(Desk.start)))
    #expect(stored["action"] == 0)
    #expect(stored["version"]?["serial"] == stored["serial"])
    #expect(Set(stored.keys).isDisjoint(with: ["unknown", "clientId", "connectionId"]))
    #expect(stored["serial"] != "mine")
  }

  @Test("data that was not turned into text is, and says so")
  func objects() async throws {
    let desk = try Desk()
    let message = try JSONValue(parsing: #"{"data":{"a":[1,2.50]}}"#)
    #expect(await desk.publish(message, as: basic(desk.root)).status == 201)
    let stored = await desk.history().body.array?.first
    #expect(stored?["data"] == #"{"a":[1,2.50]}"#)
    #expect(stored?["encoding"] == "json")
  }

  @Test(
    "a body that is refused",
    arguments: [
      ("7", Refusal(400, 40000)), (#""text""#, Refusal(400, 40000)), ("[1]", Refusal(400, 40000)),
      ("[]", Refusal(400, 40030)), ("{", Refusal(400, 40000)), ("", Refusal(400, 40000)),
      (#"{"name":1}"#, Refusal(400, 40016)), (#"{"data":1}"#, Refusal(400, 40013)),
      (#"{"data":true}"#, Refusal(400, 40013)), (#"{"data":{},"encoding":"json"}"#, Refusal(400, 40013)),
      (#"{"encoding":1}"#, Refusal(400, 40013)), (#"{"clientId":1}"#, Refusal(400, 40012)),
      (#"{"id":1}"#, Refusal(400, 40031)), (#"{"extras":[]}"#, Refusal(400, 40032)),
      (#"{"connectionKey":"x"}"#, Refusal(400, 40006)), (#"[{"id":"a:0"},{}]"#, Refusal(400, 40031)),
      (#"[{"id":"a:0"},{"id":"a:0"}]"#, Refusal(400, 40031)),
      (#"{"name":"a","name":"b"}"#, Refusal(400, 40000)),
    ])
  func refuses(body: String, refusal: Refusal) async throws {
    let desk = try Desk()
    let request = ServiceRequest(
      "POST", "/channels/chat:lobby/messages", headers: basic(desk.root), body: Array(body.utf8))
    #expect(await desk.core.respond(to: request).refusal == refusal)
    #expect(await desk.history().body.array?.isEmpty == true)
  }

  @Test("TO3l8, TM6: one publish takes 64 KiB, all its messages counted together, and not a byte more")
  func size() async throws {
    let desk = try Desk()
    let half = String(repeating: "x", count: 32_768)
    let fits: JSONValue = [
      ["data": .string(half)], ["data": .string(half.dropLast(1).description), "name": "n"],
    ]
    let exceeds: JSONValue = [["data": .string(half)], ["data": .string(half), "name": "n"]]
    #expect(await desk.publish(fits, as: basic(desk.root)).status == 201)
    #expect(await desk.publish(exceeds, as: basic(desk.root)).refusal == Refusal(413, 40009))
    // The publisher's identity, which each of them is given, counts as well.
    let small = JSONValue.array(Array(repeating: ["name": "a"], count: 200))
    let long = named(String(repeating: "x", count: 1000), basic(desk.root))
    #expect(await desk.publish(small, as: basic(desk.root)).status == 201)
    #expect(await desk.publish(small, as: long).refusal == Refusal(413, 40009))
  }

  @Test("one publish takes a thousand messages")
  func count() async throws {
    let desk = try Desk()
    let thousand = JSONValue.array(Array(repeating: [:], count: 1000))
    #expect(await desk.publish(thousand, as: basic(desk.root)).body["serials"]?.array?.count == 1000)
    let more = JSONValue.array(Array(repeating: [:], count: 1001))
    #expect(await desk.publish(more, as: basic(desk.root)).refusal == Refusal(400, 40034))
  }

  @Test("RSL1k4, RSL1k5: a publish that is repeated under the same ids is published once")
  func idempotent() async throws {
    let desk = try Desk()
    let messages: JSONValue = [["id": "base:0", "data": "a"], ["id": "base:1", "data": "b"]]
    let first = await desk.publish(messages, as: basic(desk.root))
    desk.clock.advance(by: 5)
    let again = await desk.publish(messages, as: basic(desk.root))
    #expect(first.status == 201)
    #expect(first.body == again.body)
    #expect(first.body["messageId"] == "base")
    #expect(await desk.history().body.array?.count == 2)
    #expect(
      await desk.publish(messages, to: "chat:other", as: basic(desk.root)).body["serials"]
        != first.body["serials"])
  }

  @Test("RSL1l1: a publish that asks to be refused is")
  func forced() async throws {
    let desk = try Desk()
    let response = await desk.send(
      "POST", "/channels/x/messages?_forceNack=true", ["name": "x"], headers: basic(desk.root))
    #expect(response.refusal == Refusal(400, 40099))
  }

  @Test("the capability decides: publish on the channel, and on privileged extras their own operation")
  func capability() async throws {
    let desk = try Desk()
    let publisher = try await desk.token(
      of: desk.root, TokenParams(capability: ["chat:*": [.publish]])
    ).token
    #expect(await desk.publish(["name": "x"], as: bearer(publisher)).status == 201)
    #expect(
      await desk.publish(["name": "x"], to: "admin:audit", as: bearer(publisher)).refusal
        == Refusal(401, 40160))
    #expect(await desk.history("chat:lobby", as: bearer(publisher)).refusal == Refusal(401, 40160))
    let privileged: JSONValue = ["extras": ["privileged": [:]]]
    #expect(await desk.publish(privileged, as: bearer(publisher)).refusal == Refusal(401, 40160))
    #expect(await desk.publish(privileged, as: basic(desk.root)).status == 201)
  }

  @Test("who may not publish learns nothing about the body")
  func order() async throws {
    let desk = try Desk()
    let reader = try await desk.token(of: desk.root, TokenParams(capability: ["*": [.history]])).token
    let request = ServiceRequest(
      "POST", "/channels/x/messages", headers: bearer(reader), body: Array("{".utf8))
    #expect(await desk.core.respond(to: request).refusal == Refusal(401, 40160))
  }
}
