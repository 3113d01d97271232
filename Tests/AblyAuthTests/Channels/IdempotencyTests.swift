internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("Publishing again")
struct IdempotencyTests {
  static func ids(_ sent: StubTransport.Sent) throws -> [String?] {
    try (sent.json.array ?? []).map { $0["id"]?.string }
  }

  static func client(
    _ transport: StubTransport, _ adjust: (inout ClientOptions) -> Void = { _ in }
  ) throws(ErrorInfo) -> RESTClient {
    try RESTClient.stubbed(transport) {
      $0.idempotentRestPublishing = ClientOptions().idempotentRestPublishing
      adjust(&$0)
    }
  }

  static func message(_ id: String?) -> Message {
    var message = Message(name: "n")
    message.id = id
    return message
  }

  @Test("RSL1k1, TO3n: messages without ids get a base and a number, another base each time")
  func generated() async throws {
    let transport = StubTransport(.json([]))
    let channel = try Self.client(transport).channel("c")
    try await channel.publish([Self.message(nil), Self.message("")])
    try await channel.publish(name: "n", data: nil)
    let ids = try transport.sent.flatMap(Self.ids).compactMap(\.self)
    #expect(ids.count == 3)
    let bases = ids.map { $0.prefix { $0 != ":" } }
    #expect(ids.map { $0.drop { $0 != ":" } } == [":0", ":1", ":0"])
    #expect(bases[0] == bases[1])
    #expect(bases[0] != bases[2])
    #expect(bases.allSatisfy { $0.count >= 12 })
  }

  static let own: [[String?]] = [["mine"], ["a", "b"], ["a", nil]]

  @Test("RSL1k2, RSL1k3: ids of the caller's stay as they are", arguments: own)
  func kept(ids: [String?]) async throws {
    let transport = StubTransport(.json([]))
    try await Self.client(transport).channel("c").publish(ids.map(Self.message))
    #expect(try Self.ids(transport.sent[0]) == ids)
  }

  @Test("TO3n: none when they are not wanted")
  func off() async throws {
    let transport = StubTransport(.json([]))
    let client = try RESTClient.stubbed(transport) { $0.idempotentRestPublishing = false }
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(try Self.ids(transport.sent[0]) == [nil])
  }

  @Test("RSL1k4: what is sent again, to another host or with another token, has the same ids")
  func repeated() async throws {
    let tries = Mutexed(0)
    let transport = StubTransport { sent throws(HTTPFailure) in
      if sent.path.hasSuffix("requestToken") { return .token }
      switch tries.withLock({ count in
        count += 1
        return count
      }) {
      case 1: throw HTTPFailure(.broken, "after it was published")
      case 2: return RenewalTests.refusal(40142)
      default: return .json([])
      }
    }
    let client = try Self.client(transport) { $0.useTokenAuth = true }
    try await client.channel("c").publish(name: "n", data: nil)
    let published = transport.sent.filter { $0.path == "/channels/c/messages" }
    #expect(published.count == 3)
    #expect(Set(published.map(\.body)).count == 1)
  }
}
