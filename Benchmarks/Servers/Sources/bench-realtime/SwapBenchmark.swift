internal import AblyAuth
internal import AblyRealtime

/// How long a change of the token takes: obtaining one, and until the service confirmed it on the connection.
struct SwapBenchmark {
  let client: RealtimeClient

  // No more than the service takes in a row.
  private static let swaps = 20

  func run() async throws {
    var (whole, tokens) = ([Double](), [Double]())
    for _ in 0..<Self.swaps {
      tokens.append(try await BenchRealtime.seconds { _ = try await client.auth.requestToken() })
      whole.append(try await BenchRealtime.seconds { try await client.auth.authorize() })
    }
    print(
      "authorize to UPDATE: \(BenchRealtime.whole(BenchRealtime.median(whole) * 1_000_000)) us,",
      "of which the token takes \(BenchRealtime.whole(BenchRealtime.median(tokens) * 1_000_000)) us")
  }
}
