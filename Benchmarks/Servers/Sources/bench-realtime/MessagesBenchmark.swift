internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens
internal import AblyWire

/// A message of 1 KiB there and back: published and received through our client and the service, and the same
/// bytes through a bare echo.
struct MessagesBenchmark {
  let client: RealtimeClient

  private static let size = 1024
  private static let rounds = 20
  private static let single = 500
  private static let burst = 5000

  func run() async throws {
    try await BareEcho.run { echo in
      var (trips, bareTrips, rates, bareRates) = ([Double](), [Double](), [Double](), [Double]())
      for _ in 0..<Self.rounds {
        trips.append(try await ours(Self.single, inFlight: 1))
        bareTrips.append(try await echo.seconds(Self.single, inFlight: 1, size: Self.size))
        rates.append(Double(Self.burst) / (try await ours(Self.burst, inFlight: 64)))
        bareRates.append(
          Double(Self.burst) / (try await echo.seconds(Self.burst, inFlight: 64, size: Self.size)))
      }
      let micro = 1_000_000 / Double(Self.single)
      print(
        "round trip: \(BenchRealtime.whole(BenchRealtime.median(trips) * micro)) us,",
        "a bare echo \(BenchRealtime.whole(BenchRealtime.median(bareTrips) * micro)) us")
      let share = BenchRealtime.median(zip(rates, bareRates).map { $0 / $1 * 100 })
      print(
        "throughput: \(BenchRealtime.whole(BenchRealtime.median(rates))) messages a second,",
        "a bare echo \(BenchRealtime.whole(BenchRealtime.median(bareRates))):",
        "\(BenchRealtime.whole(share)) %")
    }
  }

  /// How long so many messages take, of which so many are under way at a time.
  private func ours(_ count: Int, inFlight: Int) async throws -> Double {
    let channel = client.channels["bench"]
    let messages = channel.subscribe()
    try await channel.attach()
    let data = String(repeating: "x", count: Self.size)
    return try await BenchRealtime.seconds {
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
