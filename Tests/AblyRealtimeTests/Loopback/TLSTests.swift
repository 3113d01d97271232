internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import NIOSSL
internal import TestSupport
internal import Testing

@Suite("Over sockets: TLS", .endsAtLast)
struct TLSTests {
  private func run(
    host: String, _ transport: NIOWebSocketTransport, _ body: (RealtimeClient) async throws -> Void
  ) async throws {
    try await TestCertificate.withFiles { certificate, key in
      let tls = ServerConfiguration.TLSFiles(certificatePath: certificate, keyPath: key)
      try await LoopbackDesk.open(ServerConfiguration(port: 0, tls: tls)) { desk in
        var options = try ClientOptions(key: LoopbackDesk.key)
        options.endpoint = host
        options.tlsPort = desk.address.port
        // However busy the machine is.
        options.httpOpenTimeout = .seconds(600)
        options.httpRequestTimeout = .seconds(600)
        try await withRealtimeClient(options, transport: transport) { try await body($0) }
      }
    }
  }

  @Test(
    "RTN2, TO3d: over TLS to an address and to a name, with the key", arguments: ["127.0.0.1", "localhost"])
  func trusted(host: String) async throws {
    let transport = NIOWebSocketTransport(tls: try TestCertificate.trusting(), openTimeout: .seconds(60))
    try await run(host: host, transport) { client in
      try await client.connection.whenState(.connected)
      let messages = client.channels["a"].subscribe()
      try await client.channels["a"].attach()
      let large = String(repeating: "x", count: 60_000)
      try await client.channels["a"].publish(name: "n", data: .string(large))
      for try await message in messages.prefix(1) { #expect(message.data == .string(large)) }
    }
  }

  @Test("A certificate that nobody trusts is no connection, and the error says so")
  func untrusted() async throws {
    try await run(host: "127.0.0.1", NIOWebSocketTransport(openTimeout: .seconds(60))) { client in
      try await client.connection.whenState(.disconnected)
      let overHTTP = await #expect(throws: ErrorInfo.self) { try await client.rest.time() }
      for error in [client.connection.errorReason, overHTTP] {
        #expect(error?.code == .connectionFailed)
        #expect(error?.statusCode == 0)
        let sentence = #/the certificate of 127\.0\.0\.1:\d+ is not trusted here/#
        #expect(error?.message.wholeMatch(of: sentence) != nil, "\(error?.message ?? "")")
        #expect(error?.remedy?.contains("update-ca-certificates") == true)
      }
    }
  }

  @Test("A certificate for another name is told as such")
  func anotherName() {
    #expect(
      HTTPFailure(NIOSSLExtraError.failedToValidateHostname)
        == HTTPFailure(.untrusted, "it is for another name"))
  }
}
