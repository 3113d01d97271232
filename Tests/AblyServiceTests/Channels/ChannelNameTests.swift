internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ChannelNameTests {
  @Test(
    "a name is what its percent-encoding says",
    arguments: [
      ("chat:lobby", "chat:lobby"), ("chat%3Alobby", "chat:lobby"), ("a%2Fb", "a/b"), ("a+b", "a+b"),
      ("a%20b", "a b"), ("Zo%C3%AB", "Zoë"), ("%2A", "*"), ("%3Frewind", "?rewind"),
      ("[%3Frewind=1]chat", "chat"), ("[meta]log", "[meta]log"), ("[meta%3Frewind=1]log", "[meta]log"),
    ])
  func decodes(path: String, name: String) async throws {
    let desk = try Desk()
    let everything = try ServiceKey(desk.root.key, capabilityText: #"{"[*]*":["*"]}"#)
    let core = try ServiceCore(keys: [everything]) { desk.clock.date }
    let request = ServiceRequest(
      "POST", "/channels/\(path)/messages", headers: basic(everything), body: Array("{}".utf8))
    let response = await core.respond(to: request)
    #expect(response.body["channel"] == .string(name), "\(response.body)")
    let status = await core.respond(
      to: ServiceRequest("GET", "/channels/\(path)", headers: basic(everything)))
    #expect(status.body["channelId"] == .string(name))
  }

  @Test(
    "a name that is refused with 40010",
    arguments: [
      "", "%", "%4", "%zz", "%FF", "%C3", "a%0Ab", "%00", ":a", "[", "[]a", "[%3Frewind=1]", "[a", "[meta]",
      String(repeating: "x", count: 2049),
    ])
  func refuses(_ path: String) async throws {
    let desk = try Desk()
    for target in ["/channels/\(path)/messages", "/channels/\(path)"] {
      let response = await desk.send("GET", target, headers: basic(desk.root))
      #expect(response.refusal == Refusal(400, 40010))
    }
  }

  @Test("a key for every channel has no metachannel, and channel params hide none")
  func qualified() async throws {
    let desk = try Desk()
    #expect(await desk.history("[meta]log").refusal == Refusal(401, 40160))
    #expect(await desk.history("[%3Frewind=1]chat").status == 200)
    #expect(await desk.history("[%3Frewind=1]admin", as: basic(desk.chat)).refusal == Refusal(401, 40160))
  }

  @Test("channels are compared by bytes, as capabilities are")
  func bytes() async throws {
    let desk = try Desk()
    #expect(await desk.publish(["name": "x"], to: "caf%C3%A9", as: basic(desk.root)).status == 201)
    #expect(await desk.history("caf%C3%A9").body.array?.count == 1)
    #expect(await desk.history("cafe%CC%81").body.array?.isEmpty == true)
  }
}
