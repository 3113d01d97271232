internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Examples of a client")
struct ClientExamples {
  let apiKey = "demo00.key000:only-for-this-machine"

  @Test("a client of Ably is made without a request")
  func making() throws {
    let token = "appId.token"
    // snippet
    let client = try RESTClient(options: ClientOptions(token: token))
    let channel = client.channel("chat:lobby")
    // end
    #expect(channel.name == "chat:lobby")
  }

  @Test("a client signs a token request without the network")
  func signing() async throws {
    // snippet
    let server = try RESTClient(options: ClientOptions(key: apiKey))
    let request = try await server.auth.createTokenRequest(
      TokenParams(capability: ["chat:*": [.publish, .subscribe]], clientId: "bob"))
    // end
    #expect(request.clientId == "bob")
  }

  @Test("a client uses a token, and is refused what it does not cover")
  func using() async throws {
    var printed: [String] = []
    func print(_ values: Any...) { printed.append(values.map { "\($0)" }.joined(separator: " ")) }
    let core = try ServiceCore(keys: [ServiceKey(APIKey(apiKey))])
    try await withAblyServer(core: core) { address in
      // snippet
      var options = try ClientOptions(key: apiKey)
      options.endpoint = address.host  // "127.0.0.1"
      options.port = address.port
      options.tls = false
      options.useTokenAuth = true  // a key travels over TLS only, a token may go without
      options.defaultTokenParams = TokenParams(capability: ["chat:*": [.all]], clientId: "bob")
      let local = try RESTClient(options: options)
      // end
      let (client, server, channel) = (local, local, local.channel("chat:lobby"))
      // snippet
      try await channel.publish(name: "greeting", data: "hello")
      for message in try await channel.history(limit: 10).items {
        print(message.clientId ?? "nobody", message.data?.string ?? "")
      }
      // end
      // snippet
      do throws(ErrorInfo) {
        try await client.channel("admin:audit").publish(name: "note", data: "let me in")
      } catch {
        print(error.code.rawValue, error.message)
        print(error.remedy ?? "")
      }
      // end
      // snippet
      let details = try await server.auth.requestToken(
        TokenParams(ttl: .seconds(600), capability: ["news": [.subscribe]]))
      print(details.capability ?? [:])  // {"news":["subscribe"]}
      // end
    }
    #expect(printed.first == "bob hello")
    #expect(printed.dropFirst().first?.hasPrefix("40160 ") == true)
    #expect(printed.dropFirst(2).first?.isEmpty == false)
    #expect(printed.last == #"{"news":["subscribe"]}"#)
  }

  @Test("a message")
  func message() {
    // snippet
    let message = Message(name: "greeting", data: "hello")
    // end
    #expect(message.name == "greeting")
    #expect(message.data == "hello")
  }
}
