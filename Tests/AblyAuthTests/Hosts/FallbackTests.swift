internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Fallback hosts")
struct FallbackTests {
  static let main = "main.realtime.ably.net"
  static let fallbacks = Set("abcde".map { "main.\($0).fallback.ably-realtime.com" })
  static let down = HTTPReply.json(["error": ["code": 50000, "statusCode": 500]], status: 500)

  /// A service of which only some hosts can serve.
  static func service(_ serves: @escaping @Sendable (String) -> Bool) -> StubTransport {
    StubTransport { sent throws(HTTPFailure) in serves(sent.authority ?? "") ? .time : down }
  }

  static let sets: [(endpoint: String?, own: [String]?, expected: Set<String>)] = [
    (nil, nil, fallbacks),
    ("main", nil, fallbacks),
    ("acme", nil, Set("abcde".map { "acme.\($0).fallback.ably-realtime.com" })),
    ("nonprod:sandbox", nil, Set("abcde".map { "sandbox.\($0).fallback.ably-realtime-nonprod.com" })),
    ("rest.example.com", nil, []),
    ("localhost", nil, []),
    ("::1", nil, []),
    (nil, [], []),
    (nil, ["b.example", "C.example"], ["b.example", "c.example"]),
    ("rest.example.com", ["b.example", "2001:db8::2"], ["b.example", "[2001:db8::2]"]),
  ]

  @Test("REC2a2, TO3k6, REC2c1, REC2c2, REC2c3, REC2c4, RSC15m, RSC15n: which there are", arguments: sets)
  func hosts(endpoint: String?, own: [String]?, expected: Set<String>) async throws {
    let transport = StubTransport(Self.down)
    let client = try RESTClient.stubbed(transport) {
      $0.endpoint = endpoint
      $0.fallbackHosts = own
      $0.httpMaxRetryCount = 10
    }
    let error = await #expect(throws: ErrorInfo.self) { try await client.time() }
    #expect(error?.statusCode == 500)
    #expect(transport.sent.count == 1 + expected.count)
    #expect(Set(transport.sent.dropFirst().compactMap(\.authority)) == expected)
    #expect(transport.sent.allSatisfy { $0.target == "/time" && $0.scheme == "https" })
  }

  @Test(
    "REC2a2: what is no host is refused",
    arguments: ["", "a b", "https://a.example", "a.example/x", "a@b.example"])
  func malformed(host: String) throws {
    let error = #expect(throws: ErrorInfo.self) {
      try RESTClient(options: .sample { $0.fallbackHosts = [host] })
    }
    #expect(error?.code == .invalidParameterValue)
    #expect(error?.message.contains("fallbackHosts") == true)
  }

  @Test("RSC15a, TO3l5, RSC25: the primary host first, then three others, in an order that varies")
  func order() async throws {
    var firsts: Set<String> = []
    for _ in 0..<60 {
      let transport = StubTransport(Self.down)
      _ = try? await RESTClient.stubbed(transport).time()
      let hosts = transport.sent.compactMap(\.authority)
      #expect(hosts[0] == Self.main)
      #expect(hosts.count == 4)
      #expect(Set(hosts.dropFirst()).count == 3)
      #expect(Set(hosts.dropFirst()).isSubset(of: Self.fallbacks))
      firsts.insert(hosts[1])
    }
    #expect(firsts.count > 1)
  }

  @Test("RSC15l: where no host answers, the error is that of the one that was asked for")
  func noneAnswers() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      throw HTTPFailure(sent.authority == Self.main ? .unresolved : .timedOut, "")
    }
    let error = await #expect(throws: ErrorInfo.self) { try await RESTClient.stubbed(transport).time() }
    #expect(error?.message == "the host \(Self.main) is not known; 3 other hosts could not serve it either")
    #expect(error?.code == .connectionFailed)
  }

  @Test("RSC15l: where no host can serve, the refusal of the one that was asked for is not lost")
  func firstRefusal() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      guard sent.authority == Self.main else { throw HTTPFailure(.unresolved, "") }
      return .json(["error": ["code": 50300, "statusCode": 503, "message": "busy"]], status: 503)
    }
    let client = try RESTClient.stubbed(transport)
    let error = await #expect(throws: ErrorInfo.self) { try await client.time() }
    #expect(error?.statusCode == 503)
    #expect(error?.message == "busy")
    let answer = try await client.request("GET", "/x")
    #expect(answer.statusCode == 503)
    #expect(transport.sent.count == 8)
  }

  @Test("RSC15l: a host that was asked for and cannot be reached is the error, whatever others refuse")
  func firstFailure() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      if sent.authority == Self.main { throw HTTPFailure(.timedOut, "") }
      return Self.down
    }
    let error = await #expect(throws: ErrorInfo.self) { try await RESTClient.stubbed(transport).time() }
    #expect(error?.code == .timeout)
    #expect(error?.message.hasSuffix("; 3 other hosts could not serve it either") == true)
  }

  static let qualifying: [HTTPFailure.Reason] = [.unresolved, .refused, .unreachable, .timedOut, .broken]

  @Test("RSC15l1, RSC15l2: a host that cannot be reached or does not answer", arguments: qualifying)
  func unreachable(reason: HTTPFailure.Reason) async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      if sent.authority == Self.main { throw HTTPFailure(reason, "") }
      return .time
    }
    _ = try await RESTClient.stubbed(transport).time()
    #expect(transport.sent.count == 2)
  }

  static let statuses = [
    (200, false), (400, false), (401, false), (404, false), (429, false), (499, false), (500, true),
    (501, true), (502, true), (503, true), (504, true), (505, false), (599, false),
  ]

  @Test("RSC15l3: 500 to 504, and nothing else", arguments: statuses)
  func status(status: Int, retries: Bool) async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      sent.authority == Self.main && status != 200 ? .text("", status: status, type: nil) : .time
    }
    _ = try? await RESTClient.stubbed(transport).time()
    #expect(transport.sent.count == (retries ? 2 : 1))
  }

  @Test(
    "RSC15l4: what CloudFront refuses, which its own host may not",
    arguments: [(200, 1), (302, 1), (403, 2), (404, 2)])
  func cloudFront(status: Int, count: Int) async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      sent.authority == Self.main
        ? .text("[1]", status: status, type: "application/json", fields: [("Server", "CloudFront")]) : .time
    }
    _ = try? await RESTClient.stubbed(transport).time()
    #expect(transport.sent.count == count)
  }

  @Test(
    "RSC15l: not when something is wrong with the request, its answer or this machine",
    arguments: [
      HTTPFailure.Reason.untrusted, .tls, .malformed, .tooLarge, .cancelled, .invalidRequest,
    ])
  func unqualified(reason: HTTPFailure.Reason) async throws {
    let transport = StubTransport { _ throws(HTTPFailure) in throw HTTPFailure(reason, "") }
    await #expect(throws: ErrorInfo.self) { try await RESTClient.stubbed(transport).time() }
    #expect(transport.sent.count == 1)
  }

  @Test("RSC15a: a request goes along whole, credentials included")
  func whole() async throws {
    let transport = Self.service { $0 != Self.main }
    let client = try RESTClient.stubbed(transport) { $0.clientId = "bob" }
    _ = try? await client.channel("c").publish([.init(name: "n", data: "d")], params: ["p": "v"])
    #expect(transport.sent[0].body == transport.sent[1].body)
    #expect(transport.sent[0].target == transport.sent[1].target)
    #expect(transport.sent[0].request.headerFields == transport.sent[1].request.headerFields)
    #expect(transport.sent[1].authority.map(Self.fallbacks.contains) == true, "RSC15j: it is the Host too")
  }

  @Test("TO3l6: not once the time for it is over")
  func duration() async throws {
    let clock = Mutexed(Sample.now)
    let transport = StubTransport { _ throws(HTTPFailure) in
      clock.withLock { $0 += 8 }
      return Self.down
    }
    let client = try RESTClient.stubbed(transport, now: { clock.withLock { $0 } })
    await #expect(throws: ErrorInfo.self) { try await client.time() }
    #expect(transport.sent.count == 2, "8 s are less than 15, 16 are not")
  }

  @Test("RSC15f, TO3l10: a fallback host that answered is used for a time, which its use does not prolong")
  func pinned() async throws {
    let clock = Mutexed(Sample.now)
    let isUp = Mutexed(false)
    let transport = Self.service { $0 != Self.main || isUp.withLock { $0 } }
    let client = try RESTClient.stubbed(transport, now: { clock.withLock { $0 } })
    _ = try await client.time()
    isUp.withLock { $0 = true }
    for _ in 0..<3 {
      clock.withLock { $0 += 199 }
      _ = try await client.time()
    }
    let hosts = transport.sent.compactMap(\.authority)
    #expect(hosts.count == 5)
    #expect(Set(hosts[1...]).count == 1)
    clock.withLock { $0 += 3 }
    _ = try await client.time()
    _ = try await client.time()
    #expect(transport.sent.suffix(2).allSatisfy { $0.authority == Self.main })
  }

  @Test("RSC15f: one that fails is let go, and the primary host comes next")
  func unpinned() async throws {
    let served = Mutexed(Set<String>())
    let transport = Self.service { host in served.withLock { $0.contains(host) } }
    let client = try RESTClient.stubbed(transport)
    served.withLock { $0 = Self.fallbacks }
    _ = try await client.time()
    let pinned = transport.sent[1].authority
    served.withLock { $0 = [Self.main] }
    _ = try await client.time()
    _ = try await client.time()
    #expect(transport.sent.compactMap(\.authority).suffix(3) == [pinned, Self.main, Self.main])
  }

  @Test("RSC15f: a request that outlives the time of its fallback host does not bring it back")
  func notRevived() async throws {
    let clock = Mutexed(Sample.now)
    let slow = Gate()
    let isSlow = Mutexed(false)
    let isUp = Mutexed(false)
    let transport = StubTransport { sent throws(HTTPFailure) in
      if sent.authority == Self.main { return isUp.withLock { $0 } ? .time : Self.down }
      if isSlow.withLock({ $0 }) { await slow.pass() }
      return .time
    }
    let client = try RESTClient.stubbed(transport, now: { clock.withLock { $0 } })
    _ = try await client.time()
    isSlow.withLock { $0 = true }
    async let late = client.time()
    await slow.arrivals(1)
    isUp.withLock { $0 = true }
    clock.withLock { $0 += 601 }
    _ = try await client.time()
    slow.open()
    _ = try await late
    _ = try await client.time()
    #expect(transport.sent.suffix(2).allSatisfy { $0.authority == Self.main })
  }
}
