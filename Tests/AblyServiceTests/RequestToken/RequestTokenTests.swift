internal import AblyTokens
internal import Testing

@testable internal import AblyService

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite struct RequestTokenTests {
  private func hand(_ desk: Desk) -> HandSignedRequest {
    HandSignedRequest(timestamp: .number(JSONNumber(desk.clock.milliseconds)))
  }

  @Test("TD1–TD7: the answer says all about the token, exact to the millisecond")
  func answers() async throws {
    let desk = try Desk()
    let request = try TokenRequestSigner(key: desk.chat.key).sign(
      TokenParams(ttl: .milliseconds(12_345), capability: ["chat:lobby": [.publish]], clientId: "bob"),
      at: desk.clock.date)
    let response = await desk.exchange(request)
    #expect(response.status == 201)
    #expect(response.values(of: "cache-control") == ["no-store"])
    let members = try #require(response.body.object)
    #expect(members["keyName"] == "appOne.keyChat")
    #expect(members["issued"] == .number(JSONNumber(Desk.start)))
    #expect(members["expires"] == .number(JSONNumber(Desk.start + 12_345)))
    #expect(members["capability"] == #"{"chat:lobby":["publish"]}"#)
    #expect(members["clientId"] == "bob")
    #expect(members["token"]?.string?.hasPrefix("appOne.") == true)
    #expect(members.count == 6)
  }

  @Test("RSA5, RSA6: absent values give 60 minutes, the key's own capability text and no clientId")
  func defaults() async throws {
    let desk = try Desk()
    let details = try await desk.token(of: desk.chat)
    #expect(details.expires?.timeIntervalSince(desk.clock.date) == 3600)
    #expect(details.capabilityText == #"{"news": ["subscribe","history"], "chat:*":["*"]}"#)
    #expect(details.clientId == nil)
  }

  @Test("null and empty count as absent, numbers may be quoted", arguments: ["", nil] as [String?])
  func lenient(_ empty: String?) async throws {
    let desk = try Desk()
    let value = empty.map(JSONValue.string) ?? .null
    let request = HandSignedRequest(timestamp: .string(String(Desk.start)))
      .with("ttl", "3600000").with("clientId", value).with("capability", value).with("unknown", [1, "two"])
    let response = await desk.exchange(request.signed, keyName: "appOne.keyRoot")
    #expect(response.status == 201, "\(response.body)")
    #expect(response.body["clientId"] == nil)
    #expect(response.body["capability"] == #"{"*":["*"]}"#)
  }

  @Test("the MAC is checked over the literal number", arguments: ["3600000", "3.6e6", "3600000.0", "36e5"])
  func literals(_ literal: String) async throws {
    let desk = try Desk()
    let ttl = try JSONValue(parsing: literal)
    let response = await desk.exchange(hand(desk).with("ttl", ttl).signed, keyName: "appOne.keyRoot")
    #expect(response.body["expires"]?.number?.int64 == Desk.start + 3_600_000)
  }

  @Test(
    "RSA9d: a timestamp may be two minutes off, to the millisecond",
    arguments: [-120_000, 120_000] as [Int64])
  func window(_ offset: Int64) async throws {
    let desk = try Desk()
    let request = HandSignedRequest(timestamp: .number(JSONNumber(Desk.start + offset)))
    #expect(await desk.exchange(request.signed, keyName: "appOne.keyRoot").status == 201)
  }

  @Test(
    "a ttl up to the key's limit is granted",
    arguments: [
      ("appOne.keyRoot", "rootSecret", 86_400_000), ("appOne.keyRevocable", "revocableSecret", 3_600_000),
    ])
  func longest(keyName: String, secret: String, ttl: Int64) async throws {
    let desk = try Desk()
    let request = HandSignedRequest(
      keyName: keyName, secret: secret, timestamp: .number(JSONNumber(Desk.start)))
    let response = await desk.exchange(request.with("ttl", .number(JSONNumber(ttl))).signed, keyName: keyName)
    #expect(response.body["expires"]?.number?.int64 == Desk.start + ttl)
  }

  @Test("a ttl of zero gives a token that has ended: a way to test for expiry")
  func zero() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(ttl: .zero)).token
    #expect(await desk.history(as: bearer(token)).refusal == Refusal(401, 40142))
  }

  @Test(
    "RSA6: the capability is what was asked for and is the key's to give, in canonical form",
    arguments: [
      (#"{"chat:lobby":["subscribe","publish"]}"#, #"{"chat:lobby":["publish","subscribe"]}"#),
      (#"{ "news" : ["*"], "admin":["*"] }"#, #"{"news":["history","subscribe"]}"#),
      (#"{"*:lobby":["publish"]}"#, #"{"chat:lobby":["publish"]}"#),
      (#"{"[*]*":["*"]}"#, #"{"chat:*":["*"],"news":["history","subscribe"]}"#),
      (#"{"*":["*"]}"#, #"{"chat:*":["*"],"news":["history","subscribe"]}"#),
    ])
  func narrows(asked: String, granted: String) async throws {
    let desk = try Desk()
    let request = HandSignedRequest(
      keyName: "appOne.keyChat", secret: "chatSecret", timestamp: .number(JSONNumber(Desk.start)))
    let response = await desk.exchange(
      request.with("capability", .string(asked)).signed, keyName: "appOne.keyChat")
    #expect(response.body["capability"] == .string(granted), "\(response.body)")
  }

  @Test("a capability may be spread over lines, as it was signed")
  func spread() async throws {
    let desk = try Desk()
    let request = hand(desk).with("capability", "{\n\"chat\": [\"publish\"]\n}")
    let response = await desk.exchange(request.signed, keyName: "appOne.keyRoot")
    #expect(response.body["capability"] == #"{"chat":["publish"]}"#)
  }

  @Test("TK2c: the clientId * and one of 2000 characters are bound as they are")
  func clientIds() async throws {
    let desk = try Desk()
    for clientId in ["*", String(repeating: "x", count: 2000), "Zoë-日本-🙂"] {
      #expect(try await desk.token(of: desk.root, TokenParams(clientId: clientId)).clientId == clientId)
    }
  }

  @Test("two tokens for the same wish differ")
  func distinct() async throws {
    let desk = try Desk()
    let tokens = [try await desk.token(of: desk.root).token, try await desk.token(of: desk.root).token]
    #expect(tokens[0] != tokens[1])
  }
}
