internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Examples of a realtime client")
struct RealtimeExamples {
  let apiKey = "demo00.key000:only-for-this-machine"

  private func withOptions(_ body: (ClientOptions) async throws -> Void) async throws {
    let core = try ServiceCore(keys: [ServiceKey(APIKey(apiKey))])
    try await withAblyServer(core: core) { address in
      var options = try ClientOptions(key: apiKey)
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.useTokenAuth = true
      options.clientId = "bob"
      // They live by a real clock, beside all other tests.
      options.httpOpenTimeout = .seconds(300)
      options.httpRequestTimeout = .seconds(300)
      options.realtimeRequestTimeout = .seconds(300)
      try await body(options)
    }
  }

  @Test("a client runs, publishes and receives")
  func running() async throws {
    var printed: [String] = []
    func print(_ values: Any...) { printed.append(values.map { "\($0)" }.joined(separator: " ")) }
    try await withOptions { options in
      // snippet
      try await withRealtimeClient(options) { client in
        let channel = client.channels["chat:lobby"]
        let messages = channel.subscribe()
        try await channel.attach()
        try await channel.publish(name: "greeting", data: "hello")
        for try await message in messages.prefix(1) {
          print(message.clientId ?? "nobody", message.data?.string ?? "")
        }
      }
      // end
    }
    #expect(printed == ["bob hello"])
  }

  @Test("a connection is watched, and its token changed in place")
  func watching() async throws {
    var printed: [String] = []
    func print(_ values: Any...) { printed.append(values.map { "\($0)" }.joined(separator: " ")) }
    try await withOptions { options in
      var options = options
      options.autoConnect = false
      try await withRealtimeClient(options) { client in
        // snippet
        let changes = client.connection.events
        client.connect()
        for await change in changes.prefix(2) {
          print(change.previous, "->", change.current)
        }
        // end
        // snippet
        let id = client.connection.id
        try await client.auth.authorize(TokenParams(capability: ["chat:*": [.subscribe]]))
        print(client.connection.id == id)  // true
        // end
      }
    }
    #expect(printed == ["initialized -> connecting", "connecting -> connected", "true"])
  }
}
