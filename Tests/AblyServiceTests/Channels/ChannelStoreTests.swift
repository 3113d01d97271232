internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ChannelStoreTests {
  private func address(_ name: String, app: String = "app") throws -> ChannelAddress {
    ChannelAddress(appId: app, name: try ChannelName(name))
  }

  @discardableResult
  private func publish(_ store: inout ChannelStore, _ channel: ChannelAddress, now: Int64 = 0) throws
    -> String
  {
    let draft = try MessageDraft(["data": .string(String(repeating: "x", count: 1000))])
    return store.append([draft], to: channel, by: "key", base: "b\(now)", now: now).serials.first ?? ""
  }

  private func count(_ store: ChannelStore, _ channel: ChannelAddress) throws -> Int {
    store.history(of: channel, try HistoryQuery(["limit": "1000"])).items.count
  }

  @Test("all channels together take so much, and those go that were silent for the longest time")
  func total() throws {
    var store = ChannelStore(node: "n", maximumWeight: 100_000)
    var serials: [String] = []
    for index in 0..<400 { serials.append(try publish(&store, address("c\(index)"), now: Int64(index))) }
    let kept = try (0..<400).filter { try count(store, address("c\($0)")) > 0 }
    #expect(kept.count * 1856 <= 102_000)
    #expect(kept.count > 35)
    #expect(kept.last == 399)
    #expect(kept.first.map { Array($0..<400) } == kept)
    // What went is not passed over by one who comes back for it.
    #expect(store.backlog(of: try address("c0"), after: serials[0]) == nil)
    #expect(store.backlog(of: try address("c399"), after: serials[399])?.count == 0)
    try publish(&store, address("c0"), now: 500)
    #expect(store.backlog(of: try address("c0"), after: serials[0]) == nil)
  }

  @Test("an app that is gone takes its channels along")
  func removal() throws {
    var store = ChannelStore(node: "n")
    try publish(&store, address("a", app: "one"))
    try publish(&store, address("a", app: "two"))
    store.remove(app: "one")
    #expect(try count(store, address("a", app: "one")) == 0)
    #expect(try count(store, address("a", app: "two")) == 1)
  }

  @Test("TM6: of bytes that travel as base64 the bytes count")
  func binary() throws {
    for count in [0, 1, 2, 3, 48_000, 65_536] {
      let text = Base64.standard.encode([UInt8](repeating: 7, count: count))
      for encoding in ["base64", "utf-8/cipher+aes-128-cbc/base64"] {
        let draft = try MessageDraft(["data": .string(text), "encoding": .string(encoding)])
        #expect(draft.size == count)
      }
      #expect(try MessageDraft(["data": .string(text), "encoding": "json"]).size == text.utf8.count)
    }
    let fits = Base64.standard.encode([UInt8](repeating: 7, count: 65_536))
    #expect(try MessageDraft.drafts(in: ["data": .string(fits), "encoding": "base64"]).count == 1)
  }
}
