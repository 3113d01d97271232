internal import AblyAuth
internal import AblyRealtime
@_spi(Benchmarks) internal import AblyService
internal import AblyTokens
internal import Measuring

/// Prints what a connection costs, beside a bare WebSocket: round trips, messages a second, changes of the
/// token and what they do to a stream of messages, and the memory of idle clients. The service is in this
/// process, but for the last.
@main
enum BenchRealtime {
  static func main() async throws {
    let key = try ServiceKey.random()
    let isAsked = parts(of: CommandLine.arguments)
    // First, while nothing else has left free memory behind.
    if isAsked("memory") {
      try await ServiceProcess.run(key: key.key.revealed()) { service in
        let options = options(key.key, port: service.port)
        try await IdleBenchmark(options: options, key: key.key.revealed()).run()
      }
    }
    let bounds = try await withAblyServer(core: ServiceCore(renewedFreely: [key])) { @Sendable address in
      let options = options(key.key, port: address.port)
      return try await withRealtimeClient(options) { client in
        var bounds = Bounds()
        try await client.connection.whenState(.connected)
        if isAsked("messages") { try await MessagesBenchmark(client: client).run(&bounds) }
        if isAsked("swaps") { try await SwapBenchmark(client: client).run() }
        if isAsked("continuity") {
          try await withRealtimeClient(options) { publisher in
            try await ContinuityBenchmark(receiver: client, publisher: publisher).run()
          }
        }
        return bounds
      }
    }
    bounds.check()
  }

  /// Those that are named, or all of them: `memory`, `messages`, `swaps`, `continuity`.
  private static func parts(of arguments: [String]) -> @Sendable (String) -> Bool {
    let named = arguments.dropFirst().filter { !$0.hasPrefix("-") }
    return { named.isEmpty || named.contains($0) }
  }

  private static func options(_ key: APIKey, port: Int) -> ClientOptions {
    var options = ClientOptions(key: key)
    options.endpoint = "127.0.0.1"
    options.port = port
    options.tls = false
    options.useTokenAuth = true
    return options
  }
}
