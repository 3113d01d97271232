internal import AblyTokens
internal import Testing

@testable internal import AblyService

/// What a browser on this machine may be made to ask by pages that are not the service's.
@Suite struct ForeignPageTests {
  private let desk: Desk

  init() throws {
    desk = try Desk()
    desk.core.enableAdministration()
  }

  private static let own: [[String: String]] = [
    [:],
    ["host": "127.0.0.1:8080"],
    ["host": "localhost"],
    ["host": "LocalHost:1"],
    ["host": "[::1]:8080", "sec-fetch-site": "none"],
    ["host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"],
  ]

  @Test("who is on this machine is answered", arguments: own)
  func isAnswered(headers: [String: String]) async {
    #expect(await desk.send("GET", "/admin/tokens", headers: headers).status == 200)
    let action = await desk.send("POST", "/admin/actions", ["type": "reauthenticate"], headers: headers)
    #expect(action.status == 200)
  }

  private static let foreign: [[String: String]] = [
    // A name that was made to lead here.
    ["host": "evil.example:8080"],
    ["host": "127.0.0.1.evil.example"],
    ["host": "localhost.evil.example:80"],
    ["host": ""],
    // Another page, of this machine or not.
    ["host": "127.0.0.1:8080", "origin": "https://evil.example"],
    ["host": "127.0.0.1:8080", "origin": "null"],
    ["host": "127.0.0.1:8080", "origin": "http://127.0.0.1:3000"],
    ["host": "127.0.0.1:8080", "origin": "https://127.0.0.1:8080"],
    ["host": "127.0.0.1:8080", "sec-fetch-site": "cross-site"],
    ["host": "127.0.0.1:8080", "sec-fetch-site": "same-site"],
    ["host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080, https://evil.example"],
    ["origin": "http://127.0.0.1:8080"],
    ["sec-fetch-site": "none"],
  ]

  @Test("a page that is not the service's own is refused with 40300, and nothing happens", arguments: foreign)
  func isRefused(headers: [String: String]) async throws {
    let client = try await desk.connect()
    for path in ["/admin/connections", "/admin/tokens", "/admin/events", "/admin/faults"] {
      #expect(await desk.send("GET", path, headers: headers).refusal == Refusal(403, 40300))
    }
    let action: JSONValue = ["type": "close", "connectionId": .string(client.id)]
    for path in ["/admin/actions", "/admin/revocations", "/admin/inspection", "/admin/faults"] {
      #expect(await desk.send("POST", path, action, headers: headers).refusal == Refusal(403, 40300))
    }
    #expect(await client.outputs() == [])
  }

  @Test("no page makes apps, nor deletes them, by the browser of whoever may", arguments: foreign)
  func apps(headers: [String: String]) async {
    let count = desk.core.apps.count
    #expect(await desk.send("POST", "/apps", headers: headers).refusal == Refusal(403, 40300))
    #expect(desk.core.apps.count == count)
    guard headers["origin"] != nil || headers["sec-fetch-site"] != nil, headers["host"] != nil else { return }
    // Where anybody may, by whatever name, a page may not.
    desk.core.appMakers = .anybody
    #expect(await desk.send("POST", "/apps", headers: headers).refusal == Refusal(403, 40300))
    let deletion = headers.merging(basic(desk.root)) { $1 }
    #expect(await desk.send("DELETE", "/apps/appOne", headers: deletion).refusal == Refusal(403, 40300))
    #expect(desk.core.apps.count == count)
  }

  @Test("who is on this machine, and no page, makes apps", arguments: own)
  func ownApps(headers: [String: String]) async {
    #expect(await desk.send("POST", "/apps", headers: headers).status == 201)
    desk.core.appMakers = .anybody
    let named = ["host": "ably.internal:8080"]
    #expect(await desk.send("POST", "/apps", headers: named).status == 201)
  }

  @Test("another machine is refused, whatever it says of itself")
  func otherMachine() async {
    let answer = await desk.send(
      "GET", "/admin/tokens", headers: ["host": "127.0.0.1"],
      peer: ServiceRequest.Peer(isLoopback: false, isSecure: true))
    #expect(answer.refusal == Refusal(403, 40300))
  }
}
