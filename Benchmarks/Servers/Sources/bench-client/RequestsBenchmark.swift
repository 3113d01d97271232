internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import AsyncHTTPClient
internal import Measuring
internal import NIOCore
internal import NIOHTTP1

/// Requests per second, through the client and through the HTTP client underneath it, which does the same.
struct RequestsBenchmark {
  let client: RESTClient
  let address: BoundAddress
  let token: TokenDetails

  private static let tasks = 8
  private static let perRound = 800
  private static let rounds = 30

  func run(_ bounds: inout Bounds) async throws {
    let channel = client.channel("bench")
    try await channel.publish(name: "greeting", data: "hello")
    var ours = Figures()
    var bare = Figures()
    var shares = Figures()
    for round in 0..<Self.rounds {
      var (own, floor) = (0.0, 0.0)
      func throughClient() async throws {
        own = try await requests {
          guard try await channel.history().items.count == 1 else { fatalError("no message") }
        }
      }
      func throughBare() async throws { floor = try await requests { try await bareRequest() } }
      // In turn the first, so that a machine that grows slower favours neither.
      if round.isMultiple(of: 2) {
        try await throughClient()
        try await throughBare()
      } else {
        try await throughBare()
        try await throughClient()
      }
      ours.add(own)
      bare.add(floor)
      shares.add(own / floor * 100)
    }
    print(
      "requests, \(Self.tasks) tasks: \(text(ours.median)) a second,",
      "the bare HTTP client \(text(bare.median)): \(shares.spread()) %")
    bounds.atLeast(85, shares, "share of the bare HTTP client's requests, %")
  }

  private func requests(_ request: @escaping @Sendable () async throws -> Void) async throws -> Double {
    let time = try await seconds {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<Self.tasks {
          group.addTask {
            for _ in 0..<Self.perRound / Self.tasks { try await request() }
          }
        }
        try await group.waitForAll()
      }
    }
    return Double(Self.perRound) / time
  }

  @Sendable private func bareRequest() async throws {
    var request = HTTPClientRequest(url: "http://\(address.host):\(address.port)/channels/bench/messages")
    request.headers.add(name: "Authorization", value: "Bearer \(token.token)")
    request.headers.add(name: "Accept", value: "application/x-msgpack")
    // What the client says too: it is the same request.
    request.headers.add(name: "X-Ably-Version", value: "6")
    request.headers.add(name: "Ably-Agent", value: "ably-auth-swift/0.1.0 swift/6.3 linux")
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
    guard try await response.body.collect(upTo: 1 << 20).readableBytes > 0 else { fatalError("no message") }
  }
}
