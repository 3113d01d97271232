import AblyAuth
import AblyService
import AblyTokens
import Chat
import Hummingbird
import Logging
import ServiceLifecycle
import Testing

/// The chat's server and a service that stands for Ably, on free ports for the length of a test.
struct Stage: Sendable {
  let server: String
  let place: ClientOptions

  static func open(_ body: @Sendable @escaping (Stage) async throws -> Void) async throws {
    let key = try APIKey("demo00.key000:only-for-this-machine")
    let core = try ServiceCore(keys: [ServiceKey(key, revocableTokens: true)])
    try await withAblyServer(core: core) { address in
      var options = ClientOptions(key: key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.allowsBasicAuthOnLoopback = true
      let chat = try ChatServer(options: options)
      options.auth = AuthOptions()
      try await serve(chat) { [place = options] server in
        try await body(Stage(server: server, place: place))
      }
    }
  }

  private static func serve(
    _ server: ChatServer, _ body: @Sendable @escaping (String) async throws -> Void
  ) async throws {
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let app = Application(
      router: server.router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { running.yield($0.localAddress?.port ?? 0) }, logger: Logger(label: "chat-test"))
    let services = ServiceGroup(services: [app], logger: Logger(label: "chat-test"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await services.run() }
      do {
        for await port in ports.prefix(1) { try await body("http://127.0.0.1:\(port)") }
      } catch {
        await services.triggerGracefulShutdown()
        throw error
      }
      await services.triggerGracefulShutdown()
      try await group.waitForAll()
    }
  }

  /// Somebody begins to chat.
  func begin(_ name: String, _ password: String) -> Person {
    let (input, typing) = AsyncStream.makeStream(of: String.self)
    let (shown, showing) = AsyncStream.makeStream(of: String.self)
    let client = ChatClient(server: server, place: place) { showing.yield($0) }
    let chat = Task {
      defer { showing.finish() }
      try await client.run(name, password, input: input)
    }
    return Person(shown: shown, typing: typing, chat: chat)
  }

  /// Somebody chats as long as `body` runs.
  func enter(_ name: String, _ password: String, _ body: (Person) async throws -> Void) async throws {
    let person = begin(name, password)
    await person.sees("you are in lobby")
    do { try await body(person) } catch {
      try? await person.leave()
      throw error
    }
    try await person.leave()
  }
}
