internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens
internal import AblyWire
internal import Measuring

/// A message of 1 KiB there and back: published and received through our client and the service, and the same
/// bytes through a bare echo.
struct MessagesBenchmark {
  let client: RealtimeClient

  private static let size = 1024
  private static let rounds = 20
  private static let single = 500
  private static let burst = 20000
  /// Enough that neither of them waits for the other.
  private static let inFlight = 256

  func run(_ bounds: inout Bounds) async throws {
    var (trips, bareTrips) = (Figures(), Figures())
    var (rates, bareRates, shares) = (Figures(), Figures(), Figures())
    let micro = 1_000_000 / Double(Self.single)
    try await BareEcho.run { echo in
      for _ in 0..<Self.rounds {
        trips.add(try await ours(Self.single, inFlight: 1) * micro)
        bareTrips.add(try await echo.seconds(Self.single, inFlight: 1, size: Self.size) * micro)
        let rate = Double(Self.burst) / (try await ours(Self.burst, inFlight: Self.inFlight))
        let bare =
          Double(Self.burst) / (try await echo.seconds(Self.burst, inFlight: Self.inFlight, size: Self.size))
        rates.add(rate)
        bareRates.add(bare)
        shares.add(rate / bare * 100)
      }
    }
    print("round trip: \(text(trips.median)) us, a bare echo \(text(bareTrips.median)) us")
    print(
      "throughput: \(text(rates.median)) messages a second, \(Self.inFlight) under way at a time, a bare echo",
      "\(text(bareRates.median)): \(shares.spread()) %")
    bounds.atLeast(70, shares, "share of a bare echo's throughput, %")
  }

  /// How long so many messages take, of which so many are under way at a time.
  private func ours(_ count: Int, inFlight: Int) async throws -> Double {
    let channel = client.channels["bench"]
    let messages = channel.subscribe()
    try await channel.attach()
    let data = String(repeating: "x", count: Self.size)
    return try await seconds {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { for try await _ in messages.prefix(count) {} }
        for _ in 0..<inFlight {
          group.addTask {
            for _ in 0..<count / inFlight { try await channel.publish(name: nil, data: .string(data)) }
          }
        }
        for _ in 0..<count % inFlight { try await channel.publish(name: nil, data: .string(data)) }
        try await group.waitForAll()
      }
    }
  }
}
