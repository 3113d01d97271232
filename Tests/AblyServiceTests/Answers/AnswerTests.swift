internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct AnswerTests {
  @Test("RSC16: the time is one number in an array, for whoever asks")
  func time() async throws {
    let desk = try Desk()
    let response = await desk.send("GET", "/time?unknown=1")
    #expect(response.status == 200)
    #expect(response.body == [.number(JSONNumber(Desk.start))])
  }

  @Test("health is told to whoever asks")
  func health() async throws {
    let desk = try Desk()
    #expect(await desk.send("GET", "/health").body == ["status": "ok"])
  }

  @Test("TI1, TI4: a refusal has Ably's body and its two headers")
  func refusal() async throws {
    let desk = try Desk()
    let response = await desk.send("GET", "/nowhere")
    let error = try #require(response.body["error"]?.object)
    #expect(error["code"] == 40400)
    #expect(error["statusCode"] == 404)
    #expect(error["href"] == "https://help.ably.io/error/40400")
    #expect(error["message"]?.string?.isEmpty == false)
    #expect(response.values(of: "X-Ably-ErrorCode") == ["40400"])
    #expect(response.values(of: "X-Ably-ErrorMessage").count == 1)
    #expect(response.values(of: "WWW-Authenticate").isEmpty)
  }

  @Test(
    "a path that leads nowhere",
    arguments: [
      "/", "", "/time/", "//time", "/TIME", "/keys/a.b", "/keys/a.b/requesttoken", "/channels", "time", "*",
      "/channels/a/b/messages", "/channels/a/messages/x", "http://example.com/time", "/%2e%2e/time",
      "/tim%65x",
    ])
  func nowhere(_ target: String) async throws {
    let desk = try Desk()
    #expect(await desk.send("GET", target).refusal == Refusal(404, 40400))
  }

  @Test(
    "another method is 405 with those that are taken",
    arguments: [
      ("POST", "/time", "GET"), ("DELETE", "/health", "GET"), ("GET", "/keys/a.b/requestToken", "POST"),
      ("PUT", "/channels/x/messages", "GET, POST"), ("POST", "/channels/x/history", "GET"),
      ("POST", "/channels/x", "GET"), ("get", "/time", "GET"),
    ])
  func methods(method: String, target: String, allowed: String) async throws {
    let desk = try Desk()
    let response = await desk.send(method, target)
    #expect(response.refusal == Refusal(405, 40500))
    #expect(response.values(of: "allow") == [allowed])
  }

  @Test("HEAD is answered as GET is", arguments: ["/time", "/health", "/stats", "/nowhere"])
  func head(_ target: String) async throws {
    let desk = try Desk()
    let (head, get) = (await desk.send("HEAD", target), await desk.send("GET", target))
    #expect(head.status == get.status)
    #expect(head.headers.map(\.name) == get.headers.map(\.name))
  }

  @Test(
    "percent-encodings that give no text are 40000",
    arguments: [
      "/%zz", "/keys/%FF/requestToken", "/channels/x/messages%", "/channels/x/messages?limit=%zz",
      "/channels/x/messages?%FF=1",
    ])
  func encodings(_ target: String) async throws {
    let desk = try Desk()
    #expect(await desk.send("GET", target).refusal == Refusal(400, 40000))
  }

  @Test(
    "a body that says it is neither JSON nor MessagePack is 415",
    arguments: [
      "application/x-msgpack2", "text/plain", "application/x-www-form-urlencoded", "", "application/jsonx",
    ])
  func types(_ type: String) async throws {
    let desk = try Desk()
    let headers = basic(desk.root).merging(["content-type": type]) { $1 }
    #expect(await desk.publish(["name": "x"], as: headers).refusal == Refusal(415, 40001))
  }

  @Test(
    "JSON may be named in any case and with a charset, or not at all",
    arguments: [
      "application/json", "Application/JSON", "application/json; charset=utf-8",
    ])
  func json(_ type: String) async throws {
    let desk = try Desk()
    let headers = basic(desk.root).merging(["content-type": type, "accept": "application/x-msgpack"]) { $1 }
    #expect(await desk.publish(["name": "x"], as: headers).status == 201)
  }

  @Test("what a peer sent cannot start a header line or leave ASCII")
  func headerText() async throws {
    #expect(ServiceResponse.headerText("a\r\nSet-Cookie: b\u{0}\u{7F}é🙂") == "a??Set-Cookie: b????")
    #expect(ServiceResponse.headerText(String(repeating: "x", count: 9999)).count == 512)
    let desk = try Desk()
    let response = await desk.history("%C3%A9%E2%80%A8x", as: basic(desk.chat))
    #expect(response.refusal == Refusal(401, 40160))
    let values = response.headers.map(\.value)
    #expect(values.allSatisfy { $0.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) } })
  }

  @Test(
    "an error whose status is no refusal is answered with 500", arguments: [0, 200, 399, 600, -1, 99_999])
  func statuses(_ status: Int) {
    #expect(ServiceResponse(refusing: ErrorInfo(.badRequest, "x", statusCode: status)).status == 500)
  }
}
