internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Examples of the service in tests")
struct ServiceExamples {
  // snippet
  @Test("what bob publishes carries his name")
  func identity() async throws {
    let key = try ServiceKey.random()
    try await withAblyServer(core: ServiceCore(keys: [key])) { address in
      var options = ClientOptions(key: key.key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = address.isSecure
      options.useTokenAuth = true
      options.clientId = "bob"
      let channel = try RESTClient(options: options).channel("chat:lobby")
      try await channel.publish(name: "greeting", data: "hello")
      let newest = try await channel.history().items.first
      #expect(newest?.clientId == "bob")
    }
  }
  // end

  @Test("the service is at an address")
  func address() async throws {
    let key = try ServiceKey.random()
    var printed = ""
    func print(_ text: String) { printed = text }
    // snippet
    let core = try ServiceCore(keys: [key])
    try await withAblyServer(core: core) { address in
      print("the service is at \(address.url)")
    }
    // end
    #expect(printed.hasPrefix("the service is at http://127.0.0.1:"))
  }

  @Test("a key with less than everything, and a token that has ended")
  func limits() async throws {
    // snippet
    let key = try ServiceKey(
      APIKey("demo00.key000:only-for-this-machine"), capabilityText: #"{"chat:*":["subscribe"]}"#,
      revocableTokens: true)
    // end
    try await withAblyServer(core: ServiceCore(keys: [key])) { address in
      var options = ClientOptions(key: key.key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.useTokenAuth = true
      // snippet
      options.defaultTokenParams = TokenParams(ttl: .zero)
      let late = try RESTClient(options: options)
      let error = await #expect(throws: ErrorInfo.self) {
        try await late.channel("chat:lobby").history()
      }
      #expect(error?.code == .tokenExpired)
      // end
    }
  }
}
