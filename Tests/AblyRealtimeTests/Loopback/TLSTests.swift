internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("Over sockets: TLS")
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
      #expect(client.connection.errorReason?.code == .connectionFailed)
      #expect(client.connection.errorReason?.message.contains("TLS") == true)
    }
  }
}
