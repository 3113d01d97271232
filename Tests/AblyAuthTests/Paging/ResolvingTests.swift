internal import AblyTokens
internal import Testing

@testable internal import AblyAuth

@Suite("References to other pages")
struct ResolvingTests {
  let target = RequestTarget(path: "/channels/a%2Fb/messages", query: "limit=2")

  func endpoint(_ adjust: (inout ClientOptions) -> Void = { _ in }) throws -> Origin {
    try Endpoint(
      .sample {
        $0.endpoint = "a.example"
        adjust(&$0)
      }
    ).primary
  }

  static let resolved: [(String, String)] = [
    ("./messages?start=1", "/channels/a%2Fb/messages?start=1"),
    ("messages?start=1", "/channels/a%2Fb/messages?start=1"),
    ("/channels/a%2Fb/messages?x=%2F", "/channels/a%2Fb/messages?x=%2F"),
    ("?start=1", "/channels/a%2Fb/messages?start=1"),
    ("", "/channels/a%2Fb/messages?limit=2"),
    ("#fragment", "/channels/a%2Fb/messages?limit=2"),
    ("./messages?start=1#x", "/channels/a%2Fb/messages?start=1"),
    ("../c/messages", "/channels/c/messages"),
    ("../../../../x", "/x"),
    ("./", "/channels/a%2Fb/"),
    ("..", "/channels/"),
    ("/a/./b/../c", "/a/c"),
    ("https://a.example/x?y", "/x?y"),
    ("HTTPS://A.Example:443/x", "/x"),
    ("//a.example/x", "/x"),
    ("https://a.example", "/"),
    ("https://a.example?q", "/?q"),
    ("./m?u=https://evil.example/", "/channels/a%2Fb/m?u=https://evil.example/"),
  ]

  @Test("TG4, TG5: a reference is resolved against the page it came with (RFC 3986)", arguments: resolved)
  func resolving(reference: String, text: String) throws {
    #expect(try target.resolving(reference, at: endpoint()).text == text)
  }

  static let refused = [
    "https://evil.example/x", "//evil.example/x", "http://a.example/x", "https://a.example:8443/x",
    "https://a.example@evil.example/", "https://a.example.evil.example/", "https:/x", "https:x",
    "javascript:x", "messages:1", "https://user@a.example/", "/a b", "/a\r\nX: y", "/é",
    String(repeating: "a", count: 8193),
  ]

  @Test(
    "TG4: a reference to another host is refused, for credentials go with the request", arguments: refused)
  func refusal(reference: String) throws {
    let error = try #require(throws: ErrorInfo.self) { try target.resolving(reference, at: endpoint()) }
    #expect(error.code == .invalidDataOrEncoding)
    #expect(!error.description.contains("evil"))
  }

  @Test("TG4: a port of its own must be there")
  func ownPort() throws {
    let endpoint = try endpoint { $0.tlsPort = 8443 }
    #expect(try target.resolving("https://a.example:8443/x", at: endpoint).text == "/x")
    #expect(throws: ErrorInfo.self) { try target.resolving("https://a.example/x", at: endpoint) }
  }
}
