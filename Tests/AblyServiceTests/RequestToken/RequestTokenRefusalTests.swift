internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct RequestTokenRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let refusal: Refusal
    var keyName = "appOne.keyRoot"
    let change: @Sendable (inout HandSignedRequest) -> Void

    var testDescription: String { "\(refusal) \(name)" }
  }

  static let cases: [Case] = [
    Case(name: "wrong secret", refusal: Refusal(401, 40101)) { $0.secret = "another" },
    Case(name: "the body names another key than the path", refusal: Refusal(401, 40101)) {
      $0.members["keyName"] = "appOne.keyChat"
      $0.secret = "chatSecret"
    },
    Case(name: "unknown app", refusal: Refusal(404, 40400), keyName: "noApp.keyRoot") {
      $0.members["keyName"] = "noApp.keyRoot"
    },
    Case(name: "known app, unknown key", refusal: Refusal(401, 40400), keyName: "appOne.nope") {
      $0.members["keyName"] = "appOne.nope"
    },
    Case(name: "timestamp one ms too old", refusal: Refusal(401, 40104)) {
      $0.members["timestamp"] = .number(JSONNumber(Desk.start - 120_001))
    },
    Case(name: "timestamp one ms too new", refusal: Refusal(401, 40104)) {
      $0.members["timestamp"] = .number(JSONNumber(Desk.start + 120_001))
    },
    Case(name: "timestamp in seconds", refusal: Refusal(401, 40104)) {
      $0.members["timestamp"] = .number(JSONNumber(Desk.start / 1000))
    },
    Case(name: "smallest timestamp", refusal: Refusal(401, 40104)) {
      $0.members["timestamp"] = .number(JSONNumber(Int64.min))
    },
    Case(name: "largest timestamp", refusal: Refusal(401, 40104)) {
      $0.members["timestamp"] = .number(JSONNumber(Int64.max))
    },
    Case(name: "timestamp past 64 bits", refusal: Refusal(400, 40003)) {
      $0.members["timestamp"] = .string("99999999999999999999")
    },
    Case(name: "timestamp not a number", refusal: Refusal(400, 40003)) { $0.members["timestamp"] = "now" },
    Case(
      name: "very many resources of which none is the key's", refusal: Refusal(401, 40160),
      keyName: "appOne.keyChat"
    ) {
      $0.members["keyName"] = "appOne.keyChat"
      $0.secret = "chatSecret"
      let rules = (0..<2049).map { "\"\($0):*\":[\"*\"]" }.joined(separator: ",")
      $0.members["capability"] = .string("{\(rules)}")
    },
    Case(name: "a capability over 32 KiB", refusal: Refusal(400, 40000)) {
      $0.members["capability"] = .string("{\"\(String(repeating: "a", count: 32_768))\":[\"*\"]}")
    },
    Case(name: "negative ttl", refusal: Refusal(400, 40003)) { $0.members["ttl"] = -1 },
    Case(name: "smallest ttl", refusal: Refusal(400, 40003)) {
      $0.members["ttl"] = .number(JSONNumber(Int64.min))
    },
    Case(name: "ttl over 24 h", refusal: Refusal(400, 40003)) { $0.members["ttl"] = 86_400_001 },
    Case(name: "largest ttl", refusal: Refusal(400, 40003)) {
      $0.members["ttl"] = .number(JSONNumber(Int64.max))
    },
    Case(name: "ttl a fraction", refusal: Refusal(400, 40003)) { $0.members["ttl"] = "1.5" },
    Case(name: "ttl not a number", refusal: Refusal(400, 40003)) { $0.members["ttl"] = "1h" },
    Case(name: "ttl of another type", refusal: Refusal(400, 40003)) { $0.members["ttl"] = true },
    Case(name: "ttl over 1 h where revocable", refusal: Refusal(400, 40003), keyName: "appOne.keyRevocable") {
      $0.members["keyName"] = "appOne.keyRevocable"
      $0.secret = "revocableSecret"
      $0.members["ttl"] = 3_600_001
    },
    Case(name: "no timestamp", refusal: Refusal(400, 40000)) { $0.members["timestamp"] = nil },
    Case(name: "no nonce", refusal: Refusal(400, 40000)) { $0.members["nonce"] = nil },
    Case(name: "empty nonce", refusal: Refusal(400, 40000)) { $0.members["nonce"] = "" },
    Case(name: "nonce of 257 bytes", refusal: Refusal(400, 40000)) {
      $0.members["nonce"] = .string(String(repeating: "n", count: 257))
    },
    Case(name: "nonce with a line feed", refusal: Refusal(400, 40000)) {
      $0.members["nonce"] = "nonce\nof-16"
    },
    Case(name: "no keyName", refusal: Refusal(400, 40000)) { $0.members["keyName"] = nil },
    Case(name: "clientId of another type", refusal: Refusal(400, 40000)) { $0.members["clientId"] = 7 },
    Case(name: "clientId with a line feed", refusal: Refusal(400, 40012)) { $0.members["clientId"] = "a\nb" },
    Case(name: "clientId with a star beside", refusal: Refusal(400, 40012)) { $0.members["clientId"] = "a*" },
    Case(name: "capability not JSON", refusal: Refusal(400, 40000)) { $0.members["capability"] = "chat" },
    Case(name: "capability as an object", refusal: Refusal(400, 40000)) {
      $0.members["capability"] = ["chat": ["publish"]]
    },
    Case(name: "unknown operation", refusal: Refusal(400, 40000)) {
      $0.members["capability"] = #"{"chat":["fly"]}"#
    },
    Case(name: "star beside an operation", refusal: Refusal(400, 40000)) {
      $0.members["capability"] = #"{"chat":["*","publish"]}"#
    },
    Case(name: "no operation", refusal: Refusal(400, 40000)) { $0.members["capability"] = #"{"chat":[]}"# },
    Case(name: "asking for nothing", refusal: Refusal(401, 40160)) { $0.members["capability"] = "{}" },
    Case(
      name: "nothing that is the key's to give", refusal: Refusal(401, 40160), keyName: "appOne.keyChat"
    ) {
      $0.members["keyName"] = "appOne.keyChat"
      $0.secret = "chatSecret"
      $0.members["capability"] = #"{"admin":["publish"]}"#
    },
    Case(name: "capability that no header could carry", refusal: Refusal(400, 40000)) {
      let resources = (0..<2000).map { #""channel-number-\#($0)":["publish"]"# }
      $0.members["capability"] = .string("{\(resources.joined(separator: ","))}")
    },
  ]

  @Test("RSA8e, RSA9: a signed request is refused with the code of its fault", arguments: cases)
  func refuses(_ refused: Case) async throws {
    let desk = try Desk()
    var request = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start)))
    refused.change(&request)
    let response = await desk.exchange(request.signed, keyName: refused.keyName)
    #expect(response.refusal == refused.refusal, "\(response.body)")
  }

  @Test("the request that the refusals were made from is accepted")
  func accepts() async throws {
    let desk = try Desk()
    let request = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start)))
    #expect(await desk.exchange(request.signed, keyName: "appOne.keyRoot").status == 201)
  }

  @Test(
    "the MAC covers every value: one changed afterwards is 40101",
    arguments: [
      ("keyName", "appOne.keyRoot "), ("ttl", 3_600_001), ("capability", #"{"*":["*"]}"#),
      ("clientId", "eve"),
      ("timestamp", .number(JSONNumber(Desk.start + 1))), ("nonce", "nonce-of-16-charz"),
      ("mac", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), ("mac", "short"),
    ] as [(String, JSONValue)])
  func covers(name: String, value: JSONValue) async throws {
    let desk = try Desk()
    let signed = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start)))
      .with("ttl", 3_600_000).with("capability", #"{"chat":["publish"]}"#).with("clientId", "bob").signed
    var members = try #require(signed.object)
    members[name] = value
    #expect(await desk.exchange(.object(members), keyName: "appOne.keyRoot").refusal == Refusal(401, 40101))
  }
}
