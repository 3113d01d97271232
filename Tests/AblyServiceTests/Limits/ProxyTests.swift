internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// A proxy on this machine asks for others: they are not this machine.
@Suite struct ProxyTests {
  private let desk: Desk

  init() throws {
    desk = try Desk()
    desk.core.enableAdministration()
  }

  private static let cases: [[String: String]] = [
    ["x-forwarded-for": "10.0.0.1"], ["x-forwarded-for": "127.0.0.1"], ["forwarded": "for=10.0.0.1"],
    ["via": "1.1 proxy"], ["x-real-ip": "10.0.0.1"], ["x-forwarded-proto": "http"],
    ["x-forwarded-host": "example.org", "host": "127.0.0.1"],
  ]

  @Test("what is passed on has none of the rights of this machine", arguments: cases)
  func forwarded(headers: [String: String]) async throws {
    #expect(await desk.send("POST", "/apps", headers: headers).refusal == Refusal(403, 40300))
    #expect(await desk.send("GET", "/admin/tokens", headers: headers).refusal == Refusal(403, 40300))
    let key = headers.merging(basic(desk.root)) { $1 }
    #expect(await desk.history(as: key).refusal == Refusal(401, 40103))
    let token = try await desk.token(of: desk.root).token
    #expect(await desk.history(as: headers.merging(bearer(token)) { $1 }).status == 200)
    let client = await desk.dial("accessToken=\(token)", headers: headers)
    #expect(await client.frames().map(\.action) == [.connected])
    let transport = client.connection.transport
    let isLoopback = desk.core.realtime.perform { $0.session(over: transport)?.parameters.isLoopback }
    #expect(isLoopback == false, "it shows credentials as seldom as any other")
  }

  @Test("a proxy of this machine says whether its clients use TLS, and nobody else does")
  func secure() async throws {
    let headers = ["x-forwarded-proto": "https"].merging(basic(desk.root)) { $1 }
    #expect(await desk.history(as: headers).status == 200)
    let far = ServiceRequest.Peer(isLoopback: false, isSecure: false)
    let answer = await desk.send("GET", "/channels/c/messages", headers: headers, peer: far)
    #expect(answer.refusal == Refusal(401, 40103))
  }

  @Test("the same over a socket")
  func served() async throws {
    try await LoopbackDesk.open { desk in
      let near = try await desk.send("POST", "/apps")
      #expect(near.status == 201)
      for name in ["X-Forwarded-For", "FORWARDED", "Via", "x-forwarded-proto", "X-Real-IP"] {
        let answer = try await desk.send("POST", "/apps", headers: [name: "10.0.0.1"])
        #expect(answer.status == 403)
      }
    }
  }
}
