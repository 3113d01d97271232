import Foundation
import Hummingbird
import TokenServer

@main
enum Main {
  static func main() async throws {
    guard let key = ProcessInfo.processInfo.environment["ABLY_API_KEY"] else {
      FileHandle.standardError.write(Data("Set ABLY_API_KEY.\n".utf8))
      exit(2)
    }
    let app = Application(
      router: try TokenServer.router(key: key),
      configuration: .init(address: .hostname("127.0.0.1", port: 8082)))
    try await app.runService()
  }
}
