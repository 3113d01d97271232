internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct CrossOriginTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func header(_ name: String, _ response: ServiceResponse) -> String? {
    response.headers.first { $0.name == name }?.value
  }

  @Test("a page asks first, and may then send its credentials and read answers and refusals")
  func page() async throws {
    let asking = ["origin": "https://app.example", "access-control-request-method": "POST"]
    let path = "/channels/a/messages"
    let preflight = await desk.send("OPTIONS", path, headers: asking)
    #expect(preflight.status == 204)
    #expect(header("Access-Control-Allow-Origin", preflight) == "*")
    #expect(header("Access-Control-Allow-Methods", preflight)?.contains("POST") == true)
    for name in ["Authorization", "Content-Type", "X-Ably-Version"] {
      #expect(header("Access-Control-Allow-Headers", preflight)?.contains(name) == true)
    }
    for headers in [basic(desk.root), [:]] {
      let answer = await desk.send(
        "GET", path, headers: headers.merging(["origin": "https://app.example"]) { $1 })
      #expect(header("Access-Control-Allow-Origin", answer) == "*")
      #expect(header("Access-Control-Expose-Headers", answer)?.contains("X-Ably-ErrorCode") == true)
    }
    #expect(header("Access-Control-Allow-Origin", await desk.send("GET", "/time")) == nil)
  }

  @Test(
    "no page reads what it has nothing to do with",
    arguments: ["/apps", "/apps/x", "/metrics", "/admin/events", "/console/site.json"])
  func elsewhere(path: String) async throws {
    desk.core.enableAdministration()
    let answer = await desk.send("GET", path, headers: ["origin": "https://app.example"])
    #expect(header("Access-Control-Allow-Origin", answer) == nil)
    let preflight = await desk.send(
      "OPTIONS", path, headers: ["origin": "https://a.example", "access-control-request-method": "POST"])
    #expect(preflight.status >= 400)
  }
}
