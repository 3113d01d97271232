internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct HistoryTests {
  /// A desk with messages named 0 to count - 1, ten milliseconds apart.
  private func desk(_ count: Int) async throws -> Desk {
    let desk = try Desk()
    for index in 0..<count {
      #expect(await desk.publish(["name": .string(String(index))], as: basic(desk.root)).status == 201)
      desk.clock.advance(by: 10)
    }
    return desk
  }

  private func names(_ response: ServiceResponse) -> [String] {
    (response.body.array ?? []).compactMap { $0["name"]?.string }
  }

  private func link(_ rel: String, _ response: ServiceResponse) -> String? {
    response.values(of: "link").first { $0.hasSuffix("; rel=\"\(rel)\"") }
      .map { String($0.dropFirst("<./messages".count).prefix { $0 != ">" }) }
  }

  @Test("RSL2: a page ends before it takes more than 4 MiB, and the next one goes on there")
  func largePages() async throws {
    let desk = try Desk()
    for index in 0..<70 {
      let data = JSONValue.string("\(index) \(String(repeating: "x", count: 65_000))")
      #expect(
        await desk.publish(["name": .string(String(index)), "data": data], as: basic(desk.root)).status == 201
      )
    }
    let first = await desk.history("chat:lobby", "?limit=1000&direction=forwards")
    #expect(names(first).count < 65)
    let next = try #require(link("next", first))
    let second = await desk.history("chat:lobby", next)
    #expect(names(first) + names(second) == (0..<70).map(String.init))
    #expect(link("next", second) == nil)
  }

  @Test(
    "RSL2b: direction, limit, start and end",
    arguments: [
      ("", "43210"), ("?direction=backwards", "43210"), ("?direction=forwards", "01234"), ("?limit=2", "43"),
      ("?direction=forwards&limit=2", "01"), ("?limit=1000", "43210"),
      ("?start=\(Desk.start + 10)&end=\(Desk.start + 30)", "321"), ("?start=\(Desk.start + 31)", "4"),
      ("?end=\(Desk.start)", "0"), ("?end=-1", ""), ("?start=\(Int64.max)", ""), ("?end=\(Int64.min)", ""),
      ("?start=&end=", "43210"), ("?unknown=1", "43210"),
    ])
  func asks(query: String, expected: String) async throws {
    let desk = try await desk(5)
    #expect(names(await desk.history("chat:lobby", query)).joined() == expected)
  }

  @Test(
    "what is refused with 40003",
    arguments: [
      "?direction=sideways", "?limit=0", "?limit=-1", "?limit=1001", "?limit=x",
      "?limit=99999999999999999999",
      "?start=x", "?end=1.5", "?start=2&end=1",
    ])
  func refuses(_ query: String) async throws {
    let desk = try Desk()
    #expect(await desk.history("chat:lobby", query).refusal == Refusal(400, 40003))
  }

  @Test(
    "TG4–TG7: pages follow each other without gap or repetition while more is published",
    arguments: ["backwards", "forwards"], [1, 2, 3, 7])
  func pages(direction: String, limit: Int) async throws {
    let desk = try await desk(7)
    var response = await desk.history(
      "chat:lobby", "?direction=\(direction)&limit=\(limit)&start=\(Desk.start)")
    let first = try #require(link("first", response))
    var seen = names(response)
    while let next = link("next", response), seen.count < 7 {
      #expect(await desk.publish(["name": "late"], as: basic(desk.root)).status == 201)
      response = await desk.history("chat:lobby", next)
      #expect(link("first", response) == first)
      seen += names(response).filter { $0 != "late" }
    }
    let all = (0..<7).map(String.init)
    #expect(seen == (direction == "forwards" ? all : all.reversed()))
  }

  @Test("TG6: the last page has no next, a page that is exactly full neither")
  func last() async throws {
    let desk = try await desk(4)
    #expect(link("next", await desk.history("chat:lobby", "?limit=4")) == nil)
    #expect(link("next", await desk.history("chat:lobby", "?limit=3")) != nil)
    #expect(await desk.history("chat:empty").values(of: "link").count == 1)
  }

  @Test("links never carry credentials")
  func links() async throws {
    let desk = try await desk(2)
    let response = await desk.send(
      "GET", "/channels/chat:lobby/messages?limit=1&key=appOne.keyRoot:rootSecret")
    #expect(response.status == 200)
    #expect(response.values(of: "link").count == 2)
    #expect(response.values(of: "link").allSatisfy { !$0.contains("Secret") && !$0.contains("key") })
  }

  @Test("the alias …/history gives the same, and links to itself")
  func alias() async throws {
    let desk = try await desk(2)
    let response = await desk.send("GET", "/channels/chat:lobby/history?limit=1", headers: basic(desk.root))
    #expect(names(response) == ["1"])
    #expect(response.values(of: "link").allSatisfy { $0.hasPrefix("<./history?") })
  }

  @Test("any cursor is a cursor", arguments: ["x", "", "%00", "%F0%9F%99%82", "~", "0"])
  func cursors(_ cursor: String) async throws {
    let desk = try await desk(1)
    #expect(await desk.history("chat:lobby", "?cursor=\(cursor)").status == 200)
  }
}
