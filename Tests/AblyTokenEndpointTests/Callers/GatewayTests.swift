internal import AblyTokenEndpoint
internal import AblyTokens
internal import HTTPTypes
internal import Testing

@Suite struct GatewayTests {
  private func desk() throws -> Desk {
    let networks = ["10.0.0.0/8", "::1/128"].compactMap { Network($0) }
    return try Desk(callers: [GatewayCallers(header: "X-Authenticated-User", from: networks)])
  }

  private func header() throws -> HTTPField.Name {
    try #require(HTTPField.Name("X-Authenticated-User"))
  }

  @Test("a header of the gateway names the caller", arguments: ["10.1.2.3", "::1", "::ffff:10.9.9.9"])
  func believed(_ peer: String) async throws {
    let name = try header()
    let answer = try await desk().ask(token: nil, fields: [name: "ann"], peer: peer)
    #expect(answer.tokenRequest?.clientId == "ann")
  }

  @Test("the same header from elsewhere names nobody, whatever forwarded address it claims")
  func disbelieved() async throws {
    let name = try header()
    let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
    for peer in ["11.1.2.3", "192.168.0.1", "::2", nil] {
      let answer = try await desk().ask(token: nil, fields: [name: "ann", forwarded: "10.1.2.3"], peer: peer)
      #expect(answer.status.code == 401)
    }
  }

  @Test("a header that stands twice is a 400, and an empty one names nobody")
  func repeated() async throws {
    let name = try header()
    var fields: HTTPFields = [name: "ann"]
    fields.append(HTTPField(name: name, value: "root"))
    #expect(try await desk().ask(token: nil, fields: fields, peer: "10.0.0.1").status.code == 400)
    #expect(try await desk().ask(token: nil, fields: [name: ""], peer: "10.0.0.1").status.code == 401)
  }

  @Test("the first way that applies decides, even if the next would have let the caller in")
  func order() async throws {
    let name = try header()
    let network = try #require(Network("10.0.0.0/8"))
    let callers: [any CallerVerifier] = [
      try SecretCallers(secret: Desk.secret),
      try GatewayCallers(header: "X-Authenticated-User", from: [network]),
    ]
    let desk = try Desk(callers: callers)
    #expect(await desk.ask(token: "x.y.z", fields: [name: "ann"], peer: "10.0.0.1").status.code == 401)
    #expect(
      await desk.ask(token: nil, fields: [name: "ann"], peer: "10.0.0.1").tokenRequest?.clientId == "ann")
  }

  @Test("a closure of one's own knows callers too")
  func closure() async throws {
    let callers = ClosureCallers { request in
      request.headerFields[.cookie] == "session=1" ? Caller(subject: "ann", way: "session") : nil
    }
    let desk = try Desk(callers: [callers])
    #expect(await desk.ask(token: nil, fields: [.cookie: "session=1"]).tokenRequest?.clientId == "ann")
    #expect(await desk.ask(token: nil, fields: [.cookie: "session=2"]).status.code == 401)
    struct Down: Error {}
    let down = try Desk(callers: [ClosureCallers { _ in throw Down() }])
    #expect(await down.ask().status.code == 503)
  }

  @Test(
    "what is no range is refused",
    arguments: [
      "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "::1/129", "10.0.0.0/-1", "10.0.0.0/", "a", "", "256.0.0.1",
      "010.0.0.1", "1:2:3:4:5:6:7:8:9", "::1::", "10.0.0.0/8/8", "10.0.0.0/+8",
    ])
  func badNetworks(_ text: String) { #expect(Network(text) == nil) }

  @Test(
    "ranges hold what they say",
    arguments: [
      ("0.0.0.0/0", "1.2.3.4", true), ("10.0.0.0/8", "10.255.255.255", true),
      ("10.0.0.0/8", "11.0.0.0", false),
      ("192.168.1.128/25", "192.168.1.127", false), ("192.168.1.128/25", "192.168.1.200", true),
      ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("::/0", "1.2.3.4", true),
      ("2001:db8::/65", "2001:db8::8000:0:0:0", false), ("127.0.0.1", "127.0.0.1", true),
    ])
  func ranges(_ range: String, _ text: String, _ holds: Bool) throws {
    let network = try #require(Network(range))
    let address = try #require(IPAddress(text))
    #expect(network.contains(address) == holds)
  }
}
