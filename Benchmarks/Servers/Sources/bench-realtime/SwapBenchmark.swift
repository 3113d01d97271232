internal import AblyAuth
internal import AblyRealtime
internal import Measuring

/// How long a change of the token takes: obtaining one, and until the service confirmed it on the connection.
struct SwapBenchmark {
  let client: RealtimeClient

  private static let swaps = 200

  func run() async throws {
    var (whole, tokens) = (Figures(), Figures())
    for _ in 0..<Self.swaps {
      tokens.add(try await seconds { _ = try await client.auth.requestToken() } * 1_000_000)
      whole.add(try await seconds { try await client.auth.authorize() } * 1_000_000)
    }
    print("authorize to UPDATE: \(text(whole.median)) us, of which the token takes \(text(tokens.median)) us")
  }
}
