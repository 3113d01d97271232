internal import AblyTokens
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite struct TLSTests {
  @Test("with a certificate it speaks TLS, and tells nobody anything without")
  func secure() async throws {
    let desk = try Desk()
    try await TestCertificate.withFiles { certificate, key in
      let configuration = ServerConfiguration(
        port: 0, tls: .init(certificatePath: certificate, keyPath: key))
      try await withAblyServer(core: desk.core, configuration: configuration) { address in
        #expect(address.url.hasPrefix("https://127.0.0.1:"))
        let status = try await status(address, desk)
        #expect(status == 200)
        let plain = try? await RawConnection.open(address) { connection in
          try await connection.send("GET /time HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
          return try await connection.rest()
        }
        #expect(plain?.contains("HTTP") != true)
      }
    }
  }

  private func status(_ address: BoundAddress, _ desk: Desk) async throws -> UInt {
    var configuration = HTTPClient.Configuration.local
    configuration.tlsConfiguration = try TestCertificate.trusting()
    let client = HTTPClient(
      eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    var request = HTTPClientRequest(url: "\(address.url)/channels/x")
    for (name, value) in basic(desk.root) { request.headers.add(name: name, value: value) }
    do {
      let response = try await client.ask(request)
      try await client.shutdown()
      return response.status.code
    } catch {
      try await client.shutdown()
      throw error
    }
  }
}
