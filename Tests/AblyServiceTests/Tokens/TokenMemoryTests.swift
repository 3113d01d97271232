internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct TokenMemoryTests {
  private static let key = "appOne.keyOne:secretK"

  private func apps(_ key: String = Self.key) throws -> AppDirectory {
    try AppDirectory([ServiceKey(APIKey(key))])
  }

  private func token(_ number: Int64, _ apps: AppDirectory, capability: String = "{}") throws -> String {
    let key = try apps.key(named: "appOne.keyOne")
    return try OpaqueToken(
      issued: number, expires: number + 1, capabilityText: capability, clientId: "bob", id: "\(number)"
    ).sealed(with: key)
  }

  @Test("what is recalled is what was opened at first")
  func same() throws {
    let apps = try apps()
    let token = try token(7, apps)
    for _ in 0..<3 {
      let (opened, key) = try OpaqueToken.open(token, apps: apps)
      #expect(opened.issued == 7 && opened.clientId == "bob" && key.keyName == "appOne.keyOne")
    }
    #expect(apps.openedTokens.count == 1)
  }

  @Test("a key that went, or was replaced, takes what it opened with it")
  func keys() throws {
    var apps = try apps()
    let token = try token(7, apps)
    _ = try OpaqueToken.open(token, apps: apps)
    apps.put(StoredKey(try ServiceKey(APIKey("appOne.keyOne:another")), origin: .given), at: 0)
    let replaced = #expect(throws: ErrorInfo.self) { try OpaqueToken.open(token, apps: apps) }
    #expect(replaced?.code == .tokenUnrecognized)
    apps.put(StoredKey(try ServiceKey(APIKey(Self.key)), origin: .given), at: 0)
    #expect(try OpaqueToken.open(token, apps: apps).0.issued == 7)
    apps.remove(app: "appOne")
    let removed = #expect(throws: ErrorInfo.self) { try OpaqueToken.open(token, apps: apps) }
    #expect(removed?.code == .tokenUnrecognized)
  }

  @Test(
    "of a key that went nothing is kept",
    arguments: ["app", "key", "replaced"])
  func forgotten(how: String) throws {
    var apps = try AppDirectory(
      ["appOne.keyOne:secretK", "appOne.keyTwo:other", "appTwo.keyOne:another"].map {
        try ServiceKey(APIKey($0))
      })
    for name in ["appOne.keyOne", "appOne.keyTwo", "appTwo.keyOne"] {
      let token = OpaqueToken(issued: 1, expires: 2, capabilityText: "{}", clientId: nil, id: "1")
      _ = try OpaqueToken.open(token.sealed(with: apps.key(named: name)), apps: apps)
    }
    #expect(apps.openedTokens.count == 3)
    switch how {
    case "app": apps.remove(app: "appOne")
    case "key": apps.remove(key: "appOne.keyOne")
    default: apps.put(StoredKey(try ServiceKey(APIKey(Self.key)), origin: .given), at: 0)
    }
    #expect(apps.openedTokens.count == (how == "app" ? 1 : 2))
  }

  @Test("what a key opened while it was replaced is not recalled")
  func late() throws {
    var apps = try apps()
    let former = try apps.key(named: "appOne.keyOne")
    let token = try token(7, apps)
    let opened = try OpaqueToken.open(token, apps: apps).0
    apps.put(StoredKey(try ServiceKey(APIKey("appOne.keyOne:another")), origin: .given), at: 0)
    apps.openedTokens.remember(token, opened, former)
    #expect(throws: ErrorInfo.self) { try OpaqueToken.open(token, apps: apps) }
  }

  @Test("a text that is equal by Unicode's rules and not by its bytes is another token")
  func spellings() throws {
    let apps = try apps()
    var number: Int64 = 0
    var token = ""
    repeat {
      number += 1
      token = try self.token(number, apps)
    } while !token.contains("K")
    _ = try OpaqueToken.open(token, apps: apps)
    let respelt = token.replacing("K", with: "\u{212A}")
    #expect(respelt == token)
    #expect(throws: ErrorInfo.self) { try OpaqueToken.open(respelt, apps: apps) }
  }

  @Test("what is refused is not remembered, nor is a long token; the rest is bounded")
  func bounds() throws {
    let apps = try apps()
    #expect(throws: ErrorInfo.self) { try OpaqueToken.open("appOne.AAAA", apps: apps) }
    let long = String(repeating: "x", count: 1024)
    _ = try OpaqueToken.open(try token(1, apps, capability: #"{"\#(long)":["*"]}"#), apps: apps)
    #expect(apps.openedTokens.count == 0)
    for number in 0..<5000 { _ = try OpaqueToken.open(try token(Int64(number), apps), apps: apps) }
    #expect((1...4096).contains(apps.openedTokens.count))
  }

  @Test("it shows nobody's token")
  func secrecy() throws {
    let apps = try apps()
    let token = try token(7, apps)
    _ = try OpaqueToken.open(token, apps: apps)
    var dumped = ""
    dump(apps, to: &dumped)
    #expect(!dumped.contains(token) && dumped.contains("count: 1"))
  }
}
