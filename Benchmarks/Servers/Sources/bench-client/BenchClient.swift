internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import Measuring

/// Prints what the client costs: taking credentials by many tasks at once, and whole requests beside those of
/// the bare HTTP client, against a service in this process.
@main
enum BenchClient {
  static func main() async throws {
    let key = try ServiceKey.random()
    let bounds = try await withAblyServer(core: ServiceCore(keys: [key])) { @Sendable address in
      var options = ClientOptions(key: key.key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.useTokenAuth = true
      let client = try RESTClient(options: options)
      let token = try await client.auth.authorize()
      try await CredentialsBenchmark(client: client).run()
      var bounds = Bounds()
      try await RequestsBenchmark(client: client, address: address, token: token).run(&bounds)
      return bounds
    }
    bounds.check()
  }
}
