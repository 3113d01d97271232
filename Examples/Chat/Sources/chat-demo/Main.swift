import AblyAuth
import AblyTokens
import Chat
import Foundation
import Hummingbird

@main
enum Main {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch (arguments.first, arguments.count) {
    case ("server", 1): try await serve()
    case (let name?, 2): try await chat(name, arguments.dropFirst().first ?? "")
    default:
      FileHandle.standardError.write(Data("usage: chat server | chat NAME PASSWORD\n".utf8))
      exit(2)
    }
  }

  private static let environment = ProcessInfo.processInfo.environment

  /// Where Ably is: a local service, unless the environment says otherwise.
  private static func place(_ options: ClientOptions) -> ClientOptions {
    var options = options
    guard let endpoint = environment["ABLY_ENDPOINT"] else {
      options.endpoint = "127.0.0.1"
      options.port = 8080
      options.tls = false
      options.allowsBasicAuthOnLoopback = true
      return options
    }
    options.endpoint = endpoint
    return options
  }

  private static func serve() async throws {
    let key = environment["ABLY_API_KEY"] ?? "demo00.key000:only-for-this-machine"
    let server = try ChatServer(options: place(ClientOptions(key: key)))
    let app = Application(
      router: server.router(), configuration: .init(address: .hostname("127.0.0.1", port: 8083)))
    try await app.runService()
  }

  private static func chat(_ name: String, _ password: String) async throws {
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    // In a thread of its own, since reading a line waits for it.
    Thread.detachNewThread {
      while let line = readLine() { continuation.yield(line) }
      continuation.finish()
    }
    let client = ChatClient(
      server: environment["CHAT_SERVER"] ?? "http://127.0.0.1:8083", place: place(ClientOptions())
    ) { print($0) }
    try await client.run(name, password, input: lines)
  }
}
