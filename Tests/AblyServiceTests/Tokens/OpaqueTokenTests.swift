internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct OpaqueTokenTests {
  private func refusal(_ desk: Desk, _ token: String) async -> Refusal {
    await desk.history(as: bearer(token)).refusal
  }

  private let tampered: Set<Refusal> = [Refusal(401, 40143), Refusal(401, 40145)]

  @Test("a token with any one byte changed is refused")
  func everyByte() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "bob")).token
    #expect(await desk.history(as: bearer(token)).status == 200)
    let dot = try #require(token.utf8.firstIndex(of: UInt8(ascii: ".")))
    let bytes = try #require(Base64.url.decode(token.utf8[token.utf8.index(after: dot)...]))
    for index in bytes.indices {
      for bit in [UInt8(1), 0x80] {
        var changed = bytes
        changed[index] ^= bit
        let refusal = await refusal(desk, "appOne.\(Base64.url.encode(changed))")
        #expect(tampered.contains(refusal), "byte \(index)")
      }
    }
  }

  @Test("a token with any one character changed, dropped or doubled is refused")
  func everyCharacter() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    let characters = Array(token)
    for index in characters.indices {
      var changed = characters
      changed[index] = characters[index] == "A" ? "B" : "A"
      let dropped = characters[..<index] + characters[(index + 1)...]
      let doubled = characters[...index] + characters[index...]
      for text in [String(changed), String(dropped), String(doubled)] {
        #expect(tampered.contains(await refusal(desk, text)), "\(index)")
      }
    }
  }

  @Test("a token has one spelling: bits that no encoder leaves, padding and white space are refused")
  func spellings() async throws {
    let desk = try Desk()
    var clientId = "b"
    var token = try await desk.token(of: desk.root, TokenParams(clientId: clientId)).token
    // Until its last character holds bits that belong to no byte.
    while (token.utf8.count - 7) % 4 == 0 {
      clientId += "b"
      token = try await desk.token(of: desk.root, TokenParams(clientId: clientId)).token
    }
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let last = try #require(token.last.flatMap(alphabet.firstIndex))
    let respelt = token.dropLast() + String(alphabet[last ^ 1])
    for text in [respelt, "\(token)=", "\(token) ", "\(token)\n"] {
      #expect(await refusal(desk, String(text)) == Refusal(401, 40145))
    }
  }

  @Test("a token cannot be moved to another app or key by writing another name into it")
  func moved() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    let rest = token.dropFirst("appOne.".count)
    #expect(await refusal(desk, "appTwo.\(rest)") == Refusal(401, 40143))
    var bytes = try #require(Base64.url.decode(rest.utf8))
    #expect(bytes[1] == 7)
    bytes.replaceSubrange(2..<9, with: "keyChat".utf8)
    #expect(await refusal(desk, "appOne.\(Base64.url.encode(bytes))") == Refusal(401, 40143))
  }

  @Test("a token is bound to its app even where two apps have one key id and one secret")
  func sameSecret() async throws {
    let clock = ManualClock(Desk.start)
    let keys = try ["appOne.key:secret", "appTwo.key:secret"].map { try ServiceKey(APIKey($0)) }
    let core = try ServiceCore(keys: keys) { clock.date }
    let authority = TokenAuthority(key: IssuingKey(keys[0]), now: Desk.start)
    let token = try authority.issue(TokenWish([:]), id: "id").token
    for (appId, status) in [("appOne", 200), ("appTwo", 401)] {
      let moved = appId + token.dropFirst("appOne".count)
      let response = await core.respond(
        to: ServiceRequest("GET", "/channels/x/messages", headers: bearer(moved)))
      #expect(response.status == status)
    }
  }

  @Test("a token of a service with another secret for the key is refused")
  func otherService() async throws {
    let desk = try Desk()
    let other = try ServiceKey(APIKey("appOne.keyRoot:another"))
    let token = try TokenAuthority(key: IssuingKey(other), now: Desk.start).issue(TokenWish([:]), id: "id")
      .token
    #expect(await refusal(desk, token) == Refusal(401, 40143))
  }

  @Test(
    "what has not the form of a token is 40145",
    arguments: [
      "", "x", ".", "appOne.", "appOne.AQ", "appOne.AQdrZXk", "appOne.!!!!", "appOne.AgdrZXlSb290", "a.b.c.d",
    ])
  func forms(_ text: String) async throws {
    let desk = try Desk()
    let refusal = await refusal(desk, text)
    #expect(refusal == (text.isEmpty ? Refusal(401, 40106) : Refusal(401, 40145)))
  }

  @Test("its contents cannot be read in it")
  func hides() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "bob-the-builder")).token
    let bytes = try #require(Base64.url.decode(token.utf8.dropFirst("appOne.".utf8.count)))
    #expect(!String(decoding: bytes, as: UTF8.self).contains("bob-the-builder"))
    #expect(!token.contains("rootSecret"))
  }

  @Test("it ends at its millisecond: 40142 from then on")
  func expires() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(ttl: .seconds(1))).token
    desk.clock.advance(by: 999)
    #expect(await desk.history(as: bearer(token)).status == 200)
    desk.clock.advance(by: 1)
    #expect(await refusal(desk, token) == Refusal(401, 40142))
  }

  @Test("a token is narrowed by what its key may do when it is used")
  func narrowed() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    let narrower = try ServiceKey(desk.root.key, capabilityText: #"{"news":["history"]}"#)
    let core = try ServiceCore(keys: [narrower]) { desk.clock.date }
    for (channel, status) in [("news", 200), ("chat:lobby", 401)] {
      let response = await core.respond(
        to: ServiceRequest("GET", "/channels/\(channel)/messages", headers: bearer(token)))
      #expect(response.status == status)
    }
  }

  @Test("a token of a key that was taken away is 40143")
  func orphaned() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    let core = try ServiceCore(keys: [desk.chat]) { desk.clock.date }
    let response = await core.respond(
      to: ServiceRequest("GET", "/channels/x/messages", headers: bearer(token)))
    #expect(response.refusal == Refusal(401, 40143))
  }

  @Test("whoever holds the key can open a token, also an expired one, and nobody else's")
  func opening() async throws {
    let desk = try Desk()
    let details = try await desk.token(of: desk.root, TokenParams(ttl: .zero, clientId: "bob"))
    #expect(try TokenDetails(opening: details.token, with: desk.root.key) == details)
    let error = #expect(throws: ErrorInfo.self) {
      try TokenDetails(opening: details.token, with: desk.chat.key)
    }
    #expect(error?.code == .tokenUnrecognized)
  }
}
