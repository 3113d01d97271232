internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ClientIdTests {
  enum Bearer: String, Sendable {
    case key, anonymous, wildcard, bob
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let bearer: Bearer
    var header: String?
    var message: String?
    /// What the message goes out with; `.failure` for 40012.
    let outcome: Outcome

    enum Outcome: Sendable, Hashable {
      case published(String?)
      case refused
    }

    var testDescription: String { "\(bearer) naming \(header ?? "-"), writing \(message ?? "-"): \(outcome)" }
  }

  static let cases: [Case] = [
    Case(bearer: .anonymous, outcome: .published(nil)),
    Case(bearer: .anonymous, message: "", outcome: .published(nil)),
    Case(bearer: .anonymous, message: "bob", outcome: .refused),
    Case(bearer: .anonymous, message: "*", outcome: .refused),
    Case(bearer: .anonymous, header: "bob", outcome: .refused),
    Case(bearer: .wildcard, outcome: .published(nil)),
    Case(bearer: .wildcard, message: "eve", outcome: .published("eve")),
    Case(bearer: .wildcard, message: "*", outcome: .refused),
    Case(bearer: .wildcard, message: "a*", outcome: .refused),
    Case(bearer: .wildcard, message: "a\nb", outcome: .refused),
    Case(bearer: .wildcard, header: "eve", outcome: .published("eve")),
    Case(bearer: .wildcard, header: "eve", message: "eve", outcome: .published("eve")),
    Case(bearer: .wildcard, header: "eve", message: "bob", outcome: .refused),
    Case(bearer: .wildcard, header: "*", outcome: .refused),
    Case(bearer: .bob, outcome: .published("bob")),
    Case(bearer: .bob, message: "bob", outcome: .published("bob")),
    Case(bearer: .bob, message: "eve", outcome: .refused),
    Case(bearer: .bob, message: "Bob", outcome: .refused),
    Case(bearer: .bob, header: "bob", outcome: .published("bob")),
    Case(bearer: .bob, header: "eve", outcome: .refused),
    Case(bearer: .key, outcome: .published(nil)),
    Case(bearer: .key, message: "eve", outcome: .published("eve")),
    Case(bearer: .key, header: "eve", outcome: .published("eve")),
    Case(bearer: .key, header: "", message: "eve", outcome: .published("eve")),
    Case(bearer: .key, header: "eve", message: "bob", outcome: .refused),
    Case(bearer: .key, header: "a\nb", outcome: .refused),
  ]

  @Test("RSA8f1–RSA8f4, RSL1m, RSA7e2: which clientId a message goes out with", arguments: cases)
  func matrix(_ tried: Case) async throws {
    let desk = try Desk()
    var headers =
      switch tried.bearer {
      case .key: basic(desk.root)
      case .anonymous: bearer(try await desk.token(of: desk.root).token)
      case .wildcard: bearer(try await desk.token(of: desk.root, TokenParams(clientId: "*")).token)
      case .bob: bearer(try await desk.token(of: desk.root, TokenParams(clientId: "bob")).token)
      }
    if let header = tried.header { headers = named(header, headers) }
    let message: JSONValue = tried.message.map { ["name": "x", "clientId": .string($0)] } ?? ["name": "x"]
    let response = await desk.publish(message, as: headers)
    let stored = await desk.history().body.array ?? []
    switch tried.outcome {
    case .published(let clientId):
      #expect(response.status == 201, "\(response.body)")
      #expect(stored.first?["clientId"] == clientId.map(JSONValue.string))
      #expect(stored.count == 1)
    case .refused:
      #expect(response.refusal == Refusal(400, 40012))
      #expect(stored.isEmpty)
    }
  }

  @Test("identities are compared by bytes: another spelling of é is another client")
  func spellings() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "ren\u{E9}")).token
    let other: JSONValue = ["clientId": "rene\u{301}"]
    #expect(await desk.publish(other, as: bearer(token)).refusal == Refusal(400, 40012))
  }

  @Test("one message of many with another's clientId, and nothing is published")
  func allOrNothing() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "bob")).token
    let messages: JSONValue = [["name": "a"], ["name": "b", "clientId": "eve"]]
    #expect(await desk.publish(messages, as: bearer(token)).refusal == Refusal(400, 40012))
    #expect(await desk.history().body.array?.isEmpty == true)
  }

  @Test("an X-Ably-ClientId that is not base64 of a text is 40004", arguments: ["bob!", "/w=="])
  func unreadable(_ value: String) async throws {
    let desk = try Desk()
    let headers = basic(desk.root).merging(["x-ably-clientid": value]) { $1 }
    #expect(await desk.publish(["name": "x"], as: headers).refusal == Refusal(400, 40004))
  }
}
