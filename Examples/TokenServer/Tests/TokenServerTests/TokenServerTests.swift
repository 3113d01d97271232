import AblyTokens
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing
import TokenServer

@Suite struct TokenServerTests {
  private let key = "demo00.key000:only-for-this-machine"

  /// Logs in and asks for a token.
  private func ask(_ name: String, _ password: String, query: String = "") async throws -> TestResponse {
    let app = Application(router: try TokenServer.router(key: key))
    return try await app.test(.router) { client in
      let login = try await client.execute(
        uri: "/login", method: .post, headers: [.contentType: "application/x-www-form-urlencoded"],
        body: ByteBuffer(string: "name=\(name)&password=\(password)"))
      let cookie = login.headers[.setCookie]?.prefix { $0 != ";" } ?? ""
      return try await client.execute(
        uri: "/auth\(query)", method: .get, headers: [.cookie: "theme=dark; \(cookie); x=y"])
    }
  }

  @Test("a member gets their rooms under their own name, signed by the key")
  func member() async throws {
    let answer = try await ask("bob", "builder")
    #expect(answer.status == .ok)
    let request = try TokenRequest(json: String(buffer: answer.body))
    #expect(TokenRequestSigner(key: try APIKey(key)).verify(request))
    #expect(request.clientId == "bob")
    #expect(
      request.capabilityText
        == #"{"news":["subscribe"],"room:builders":["presence","publish","subscribe"],"room:lobby":["presence","publish","subscribe"]}"#
    )
  }

  @Test("a member cannot be somebody else, nor enter another room")
  func others() async throws {
    #expect(try await ask("ann", "archer", query: "?clientId=bob").status == .forbidden)
    let room = "?capability=%7B%22room%3Abuilders%22%3A%5B%22publish%22%5D%7D"
    #expect(try await ask("ann", "archer", query: room).status == .forbidden)
    #expect(try await ask("bob", "builder", query: room).status == .ok)
  }

  @Test("a moderator gets every room, for a shorter time")
  func moderator() async throws {
    let request = try TokenRequest(json: String(buffer: try await ask("mo", "moderator").body))
    #expect(request.capabilityText == #"{"room:*":["*"]}"#)
    #expect(request.ttl == .seconds(1800))
  }

  @Test("a banned account is a 403, and who is not logged in a 401")
  func refused() async throws {
    #expect(try await ask("mallory", "malice").status == .forbidden)
    #expect(try await ask("bob", "wrong").status == .unauthorized)
  }
}
