internal import AblyTesting
internal import AblyTokenEndpoint
internal import AblyTokens
internal import AsyncHTTPClient
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import ServiceLifecycle
internal import TestSupport
internal import Testing

/// A context that knows where its connection comes from.
struct PeerContext: RequestContext, RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage
  let remoteAddress: SocketAddress?

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    remoteAddress = source.channel.remoteAddress
  }
}

@Suite struct HummingbirdTests {
  @Test("one line puts the endpoint into a router")
  func router() async throws {
    let network = try #require(Network("127.0.0.0/8"))
    let gateway = try GatewayCallers(header: "X-User", from: [network])
    let desk = try Desk(callers: [gateway, SecretCallers(secret: Desk.secret)])
    let router = Router(context: PeerContext.self)
    router.tokenEndpoint(desk.endpoint, at: "/api/auth")
    let (ports, announced) = AsyncStream.makeStream(of: Int.self)
    let app = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { announced.yield($0.localAddress?.port ?? 0) })
    let services = ServiceGroup(services: [app], logger: LogCapture().logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await services.run() }
      let first = await ports.first(where: { _ in true })
      let port = try #require(first)
      func ask(_ method: NIOHTTP1.HTTPMethod, _ fields: [(String, String)], _ body: String = "") async throws
        -> HTTPClientResponse
      {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/auth")
        request.method = method
        for (name, value) in fields { request.headers.add(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
        return try await HTTPClient.local.ask(request)
      }
      let named = try await ask(.GET, [("X-User", "ann")])
      #expect(
        try TokenRequest(json: String(buffer: try await named.body.collect(upTo: 10_000))).clientId == "ann")
      #expect(named.headers.first(name: "Cache-Control") == "no-store")
      #expect(try await ask(.GET, [("Authorization", "Bearer \(Login.token())")]).status.code == 200)
      #expect(try await ask(.GET, []).status.code == 401)
      #expect(try await ask(.PUT, []).status.code == 405)
      let head = try await ask(.HEAD, [])
      #expect(head.status.code == 405)
      #expect(head.headers.first(name: "Allow") == "GET, POST, OPTIONS")
      #expect(try await ask(.TRACE, []).status.code == 405)
      #expect(try await ask(.POST, [("X-User", "ann")], "clientId=bob").status.code == 403)
      #expect(
        try await ask(.POST, [("X-User", "ann")], String(repeating: "a", count: 70_000)).status.code == 413)
      #expect(desk.audit.lines.contains(#""status":413"#))
      await services.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }
}
