internal import AblyTokenEndpoint
internal import AblyTokens
internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import TestSupport
internal import Testing

@Suite struct EndpointTLSTests {
  @Test("with a certificate it gives tokens over TLS, and nobody anything without")
  func secure() async throws {
    try await TestCertificate.withFiles { certificatePath, keyPath in
      let configuration = EndpointServerConfiguration(port: 0, tls: (certificatePath, keyPath))
      try await ServedDesk.run(try Desk(), configuration: configuration) { served in
        let answer = try await get("https://127.0.0.1:\(served.port)/auth?clientId=bob")
        #expect(answer.status == 200)
        #expect(try TokenRequest(json: answer.body).clientId == "bob")
        let refused = try await get("https://127.0.0.1:\(served.port)/auth?clientId=eve")
        #expect(refused.status == 403)
        let plain = try? await served.exchange(
          "GET /auth HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(Login.token())\r\n\r\n")
        #expect(plain?.contains("HTTP/1.1") != true)
      }
    }
  }

  @Test("a policy that has to be waited for is answered over TLS too, many at a time")
  func waiting() async throws {
    let desk = try Desk(
      policy: ClosurePolicy { caller, _ in
        await Task.yield()
        return .grant(TokenGrant(clientId: caller.subject, capability: ["chat": [.publish]]))
      })
    try await TestCertificate.withFiles { certificatePath, keyPath in
      let configuration = EndpointServerConfiguration(port: 0, tls: (certificatePath, keyPath))
      try await ServedDesk.run(desk, configuration: configuration) { served in
        try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<20 {
            group.addTask { try await get("https://127.0.0.1:\(served.port)/auth").status }
          }
          for try await status in group { #expect(status == 200) }
        }
      }
    }
  }

  @Test("files that cannot be read, or do not belong together, are 40000 before it runs")
  func files() async throws {
    let endpoint = try Desk().endpoint
    try await TestCertificate.withFiles { certificatePath, keyPath in
      for pair in [
        (certificatePath, "/nowhere"), ("/nowhere", keyPath), (keyPath, keyPath),
        (certificatePath, certificatePath),
      ] {
        let error = #expect(throws: ErrorInfo.self) {
          try EndpointServer(endpoint, configuration: EndpointServerConfiguration(port: 0, tls: pair))
        }
        #expect(error?.code == .badRequest, "\(pair)")
      }
    }
  }

  private func get(_ url: String) async throws -> (status: Int, body: String) {
    var configuration = HTTPClient.Configuration.local
    configuration.tlsConfiguration = try TestCertificate.trusting()
    let client = HTTPClient(
      eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    var request = HTTPClientRequest(url: url)
    request.headers.add(name: "Authorization", value: "Bearer \(Login.token())")
    do {
      let response = try await client.ask(request)
      let body = try await response.body.collect(upTo: 1 << 20)
      try await client.shutdown()
      return (Int(response.status.code), String(buffer: body))
    } catch {
      try await client.shutdown()
      throw error
    }
  }
}
