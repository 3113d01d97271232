internal import Testing

@testable internal import AblyTokens

@Suite("Capability operations")
struct OperationTests {
  private static let documented: [(Capability.Operation, String)] = [
    (.subscribe, "subscribe"), (.publish, "publish"), (.presence, "presence"),
    (.objectSubscribe, "object-subscribe"), (.objectPublish, "object-publish"),
    (.annotationSubscribe, "annotation-subscribe"), (.annotationPublish, "annotation-publish"),
    (.messageUpdateOwn, "message-update-own"), (.messageUpdateAny, "message-update-any"),
    (.messageDeleteOwn, "message-delete-own"), (.messageDeleteAny, "message-delete-any"),
    (.history, "history"), (.stats, "stats"), (.pushSubscribe, "push-subscribe"), (.pushAdmin, "push-admin"),
    (.channelMetadata, "channel-metadata"), (.privilegedHeaders, "privileged-headers"),
  ]

  @Test("the 17 documented operations have names", arguments: documented)
  func named(operation: Capability.Operation, text: String) {
    #expect(operation.rawValue == text)
    #expect(operation == Capability.Operation(rawValue: text))
    #expect(operation.isNamed)
    #expect(Capability.Operation.named.contains(operation))
  }

  @Test("there are no others, and * is not one of them")
  func complete() {
    #expect(Capability.Operation.named.count == 17)
    #expect(Set(Capability.Operation.named).count == 17)
    #expect(Capability.Operation.all.rawValue == "*")
    #expect(!Capability.Operation.all.isNamed)
  }

  @Test("an operation to come is kept as it is", arguments: ["teleport", "Publish", "publish ", "", "**"])
  func unnamed(text: String) {
    let operation = Capability.Operation(rawValue: text)
    #expect(operation.rawValue == text)
    #expect(!operation.isNamed)
    #expect(operation != .all)
    #expect(operation == Capability.Operation(rawValue: text))
    #expect(!Capability.Operation.named.contains(operation))
  }

  @Test("equality is that of bytes, where String's is not")
  func bytes() {
    let (composed, decomposed): (Capability.Operation, Capability.Operation) = ("\u{E9}", "e\u{301}")
    #expect(composed.rawValue == decomposed.rawValue)
    #expect(!(composed == decomposed))
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test("the order is that of bytes")
  func order() {
    let sorted: [Capability.Operation] = ["*", "Z", "a", "a-b", "ab", "\u{FFFD}", "\u{1F600}"]
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test("a set keeps each operation once, sorted, and * alone")
  func sets() {
    let set = Capability.OperationSet(["warp", "publish", "beam", "warp", "history", "publish"])
    #expect(set.sorted == ["beam", "history", "publish", "warp"])
    #expect(set.union(Capability.OperationSet([.all])).sorted == [.all])
    #expect(
      set.union(Capability.OperationSet(["aim", "warp"])).sorted == [
        "aim", "beam", "history", "publish", "warp",
      ])
    #expect(Capability.OperationSet(["publish", "*", "warp"]).sorted == [.all])
    #expect(!set.isEverything && !set.contains(.all))
    #expect(Capability.OperationSet(Capability.Operation.named).contains(.all) == false)
  }
}
