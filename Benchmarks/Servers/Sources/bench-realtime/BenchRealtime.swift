internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTokens

/// Prints what a connection costs, against a service in this process and beside a bare WebSocket echo: round
/// trips, messages a second, the time from `authorize` to UPDATE, and the memory of idle clients.
@main
enum BenchRealtime {
  static func main() async throws {
    let key = try ServiceKey.random()
    try await withAblyServer(core: ServiceCore(keys: [key])) { @Sendable address in
      var options = ClientOptions(key: key.key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.useTokenAuth = true
      try await IdleBenchmark(options: options).run()
      try await withRealtimeClient(options) { client in
        try await client.connection.whenState(.connected)
        try await MessagesBenchmark(client: client).run()
        try await SwapBenchmark(client: client).run()
      }
    }
  }

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  static func seconds(_ work: () async throws -> Void) async throws -> Double {
    let start = ContinuousClock.now
    try await work()
    return start.duration(to: .now) / .seconds(1)
  }

  static func whole(_ value: Double) -> String { "\(Int(value.rounded()))" }
}
