internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Pages of results")
struct PagingTests {
  static func page(_ id: String, _ links: String...) -> HTTPReply {
    .json([["id": .string(id)]], fields: links.map { ("Link", $0) })
  }

  @Test("TG1, TG3, TG4, TG6, TG7: from page to page, with credentials")
  func next() async throws {
    let transport = StubTransport(
      Self.page("1", #"<./messages?cursor=a%2F&limit=1>; rel="next""#), Self.page("2"))
    let first = try await RESTClient.stubbed(transport).channel("a/b").history(limit: 1)
    #expect(first.items.map(\.id) == ["1"])
    #expect(first.hasNext)
    #expect(!first.isLast)
    let second = try #require(try await first.next())
    #expect(second.items.map(\.id) == ["2"])
    #expect(!second.hasNext)
    #expect(second.isLast)
    #expect(try await second.next() == nil)
    #expect(
      transport.sent.map(\.target) == [
        "/channels/a%2Fb/messages?limit=1", "/channels/a%2Fb/messages?cursor=a%2F&limit=1",
      ])
    #expect(transport.sent.map { $0["Authorization"] } == [Sample.basic, Sample.basic])
  }

  @Test("TG5: back to the first page by its link")
  func first() async throws {
    let transport = StubTransport(
      Self.page("1", #"</channels/c/messages?from=0>; rel="first", <?p=2>; rel="next""#),
      Self.page("2", #"</channels/c/messages?from=0>; rel="first""#), Self.page("1"))
    let page = try #require(try await RESTClient.stubbed(transport).channel("c").history().next())
    #expect(try await page.first().items.map(\.id) == ["1"])
    #expect(transport.sent[2].line == "GET /channels/c/messages?from=0")
  }

  @Test("TG5: where the service links to no first page, the first request is repeated")
  func firstWithoutLink() async throws {
    let transport = StubTransport(Self.page("1"))
    let page = try await RESTClient.stubbed(transport).channel("c").history(limit: 7)
    _ = try await page.first()
    #expect(transport.sent.map(\.line) == Array(repeating: "GET /channels/c/messages?limit=7", count: 2))
  }

  @Test("TG2: without links and items there is one empty page")
  func empty() async throws {
    for reply in [HTTPReply.json([]), .text("", status: 204, type: nil)] {
      let page = try await RESTClient.stubbed(StubTransport(reply)).channel("c").history()
      #expect(page.items.isEmpty)
      #expect(page.isLast)
    }
  }

  @Test("TG4: a link to another host is an error where it would be followed, and nothing is sent")
  func elsewhere() async throws {
    let transport = StubTransport(Self.page("1", #"<https://evil.example/x>; rel="next""#))
    let page = try await RESTClient.stubbed(transport).channel("c").history()
    #expect(page.hasNext, "a broken link must not look like the end")
    let error = await #expect(throws: ErrorInfo.self) { try await page.next() }
    #expect(error?.code == .invalidDataOrEncoding)
    #expect(transport.sent.count == 1)
  }
}
