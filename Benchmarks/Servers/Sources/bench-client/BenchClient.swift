internal import AblyAuth
internal import AblyService
internal import AblyTokens

/// Prints what the client costs: taking credentials by many tasks at once, and whole requests beside those of
/// the bare HTTP client, against a service in this process.
@main
enum BenchClient {
  static func main() async throws {
    let key = try ServiceKey.random()
    try await withAblyServer(core: ServiceCore(keys: [key])) { @Sendable address in
      var options = ClientOptions(key: key.key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.useTokenAuth = true
      let client = try RESTClient(options: options)
      let token = try await client.auth.authorize()
      try await CredentialsBenchmark(client: client).run()
      try await RequestsBenchmark(client: client, address: address, token: token).run()
    }
  }

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  static func seconds(_ work: () async throws -> Void) async throws -> Double {
    let start = ContinuousClock.now
    try await work()
    return start.duration(to: .now) / .seconds(1)
  }

  static func text(_ value: Double, _ digits: Int = 2) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
