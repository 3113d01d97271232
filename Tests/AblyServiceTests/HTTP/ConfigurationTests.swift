internal import AblyTokens
internal import NIOCore
internal import Testing

@testable internal import AblyService

@Suite struct ConfigurationTests {
  @Test(
    "plain HTTP is for this machine alone unless it is allowed",
    arguments: [
      ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("localhost", true), ("LOCALHOST", true),
      ("0.0.0.0", false), ("::", false), ("10.0.0.1", false), ("example.com", false),
      ("127.evil.example", false),
      ("localhost.evil.example", false), ("", false), ("::ffff:127.0.0.1", true), ("::ffff:10.0.0.1", false),
    ])
  func hosts(host: String, isAccepted: Bool) throws {
    let core = try Desk().core
    #expect(Loopback.contains(host: host) == isAccepted)
    if isAccepted {
      _ = try AblyServer(core: core, configuration: ServerConfiguration(host: host), logger: .silent)
    } else {
      let error = #expect(throws: ErrorInfo.self) {
        try AblyServer(core: core, configuration: ServerConfiguration(host: host), logger: .silent)
      }
      #expect(error?.code == .basicAuthOverInsecureTransport)
    }
    _ = try AblyServer(
      core: core, configuration: ServerConfiguration(host: host, allowsPublicPlainText: true), logger: .silent
    )
  }

  @Test(
    "which peers are this machine",
    arguments: [
      ("127.0.0.1", true), ("127.255.255.255", true), ("::1", true), ("::ffff:127.0.0.1", true),
      ("10.0.0.1", false), ("128.0.0.1", false), ("::2", false), ("::ffff:10.0.0.1", false),
      ("fe80::1", false),
    ])
  func peers(address: String, isLoopback: Bool) throws {
    #expect(Loopback.contains(try SocketAddress(ipAddress: address, port: 1)) == isLoopback)
  }

  @Test("a certificate that cannot be read is told at once")
  func certificate() throws {
    let files = ServerConfiguration.TLSFiles(certificatePath: "/nowhere/c.pem", keyPath: "/nowhere/k.pem")
    let core = try Desk().core
    let error = #expect(throws: ErrorInfo.self) {
      try AblyServer(
        core: core, configuration: ServerConfiguration(host: "0.0.0.0", tls: files), logger: .silent)
    }
    #expect(error?.message.contains("/nowhere/c.pem") == true)
  }

  @Test("a port that does not exist is 40003", arguments: [-1, 65_536, .max, .min])
  func ports(_ port: Int) throws {
    let core = try Desk().core
    let error = #expect(throws: ErrorInfo.self) {
      try AblyServer(core: core, configuration: ServerConfiguration(port: port), logger: .silent)
    }
    #expect(error?.code == .invalidParameterValue)
  }

  @Test("a host that has no address is told in one error")
  func unknownHost() async throws {
    let server = try AblyServer(
      core: Desk().core,
      configuration: ServerConfiguration(host: "no..such..host", port: 0, allowsPublicPlainText: true),
      logger: .silent)
    let error = await #expect(throws: ErrorInfo.self) { try await server.run() }
    #expect(
      error?.message == "cannot listen on no..such..host, port 0: no address is known for this name")
    #expect(error?.code == .invalidParameterValue)
  }

  @Test(
    "an address is a URL",
    arguments: [
      ("127.0.0.1", false, "http://127.0.0.1:8080"), ("::1", true, "https://[::1]:8080"),
    ])
  func urls(host: String, isSecure: Bool, url: String) {
    #expect(BoundAddress(host: host, port: 8080, isSecure: isSecure).url == url)
  }
}
