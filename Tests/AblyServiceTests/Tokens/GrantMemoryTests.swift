internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct GrantMemoryTests {
  private let key: Capability = ["chat:*": [.publish, .subscribe], "caf\u{E9}": [.publish]]

  @Test("what is remembered is what was found at first")
  func same() throws {
    let memory = GrantMemory(of: key)
    let text = #"{"chat:lobby":["publish","history"],"news":["subscribe"]}"#
    for _ in 0..<2 {
      let grant = try memory.grant(text)
      #expect(grant.text == #"{"chat:lobby":["publish"]}"#)
      #expect(grant.capability == ["chat:lobby": [.publish]])
      #expect(Set(grant.channels) == ["chat:lobby", "news"])
    }
    #expect(memory.count == 1)
  }

  @Test("two spellings of a character are two channels, whichever was asked first")
  func spellings() throws {
    let memory = GrantMemory(of: key)
    #expect(try memory.grant("{\"cafe\u{301}\":[\"publish\"]}").capability.isEmpty)
    #expect(try !memory.grant("{\"caf\u{E9}\":[\"publish\"]}").capability.isEmpty)
    #expect(try memory.grant("{\"cafe\u{301}\":[\"publish\"]}").capability.isEmpty)
  }

  @Test("a text that is refused is refused again")
  func refusals() {
    let memory = GrantMemory(of: key)
    for _ in 0..<2 {
      #expect(throws: ErrorInfo.self) { try memory.grant(#"{"chat:lobby":["shout"]}"#) }
    }
    #expect(memory.count == 0)
  }

  @Test("it takes a bounded number of texts, and no long one")
  func bounds() throws {
    let memory = GrantMemory(of: key)
    for number in 0..<600 { _ = try memory.grant(#"{"chat:\#(number)":["publish"]}"#) }
    #expect((1...256).contains(memory.count))
    let count = memory.count
    _ = try memory.grant(#"{"chat:\#(String(repeating: "x", count: 1024))":["publish"]}"#)
    #expect(memory.count == count)
  }
}
