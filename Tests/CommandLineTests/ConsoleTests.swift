internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// The files of the console as they are served; `Tests/Interop` opens them in a browser.
@Suite(.endsAtLast) struct ConsoleTests {
  private static let files = [
    "", "/", "/console.css", "/console.js", "/capability.js", "/reading.js", "/elements.js", "/report.js",
    "/service.js", "/endpoint.js", "/icon.svg",
  ]

  private struct Answer {
    let status: Int
    let body: String
    let response: HTTPURLResponse?

    func field(_ name: String) -> String { response?.value(forHTTPHeaderField: name) ?? "" }
  }

  private func ask(
    _ port: Int, _ path: String, method: String = "GET", _ fields: [String: String] = [:]
  ) async throws -> Answer {
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
    request.httpMethod = method
    for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await URLSession.shared.data(for: request)
    let http = response as? HTTPURLResponse
    return Answer(status: http?.statusCode ?? 0, body: String(decoding: data, as: UTF8.self), response: http)
  }

  private func check(_ port: Int) async throws {
    for file in Self.files {
      let answer = try await ask(port, "/console\(file)")
      #expect(answer.status == 200, "\(file)")
      #expect(!answer.body.isEmpty)
      #expect(answer.field("Cache-Control") == "no-store")
      #expect(answer.field("X-Content-Type-Options") == "nosniff")
      let policy = answer.field("Content-Security-Policy")
      for part in ["default-src 'none'", "frame-ancestors 'none'", "script-src 'self'"] {
        #expect(policy.contains(part), "\(file)")
      }
      #expect(!policy.contains("unsafe"))
      // Nothing from elsewhere, but for the name of the format of pictures.
      #expect(!answer.body.replacing("http://www.w3.org/2000/svg", with: "").contains("://"), "\(file)")
      let head = try await ask(port, "/console\(file)", method: "HEAD")
      #expect(head.status == 200 && head.body.isEmpty, "\(file)")
    }
    for path in ["/console/nothing.js", "/consoles", "/console/../metrics"] {
      #expect(try await ask(port, path).body.contains("<html") == false, "\(path)")
    }
    #expect(try await ask(port, "/console", method: "POST").status >= 400)
  }

  @Test("the local service serves it, and says whether more can be seen", arguments: [true, false])
  func local(isAdministered: Bool) async throws {
    let options = ["--key", Tool.key] + (isAdministered ? ["--admin"] : [])
    _ = try await LocalService.run(options) { service in
      try await check(service.port)
      let site = try JSONValue(parsing: try await ask(service.port, "/console/site.json").body)
      #expect(site == ["site": "local", "isAdministered": .bool(isAdministered)])
      #expect(try await ask(service.port, "/admin/tokens").status == (isAdministered ? 200 : 404))
    }
  }

  @Test("an endpoint that is tried out serves it, to this machine's user alone")
  func development() async throws {
    _ = try await ServeProcess.run(["--dev", "--port", "0"], [:]) { serve in
      try await check(serve.port)
      let site = try JSONValue(parsing: try await ask(serve.port, "/console/site.json").body)
      #expect(site["site"] == "endpoint" && site["path"] == "/auth")
      #expect(site["logins"] == serve.ready["logins"])
      for fields in [["Origin": "https://evil.example"], ["Sec-Fetch-Site": "cross-site"]] {
        let answer = try await ask(serve.port, "/console/site.json", fields)
        #expect(answer.status == 403 && !answer.body.contains("eyJ"), "\(fields)")
      }
    }
  }

  @Test("an endpoint that serves a policy of its own has no console")
  func policy() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: path) }
    let text = """
      callers: { gateway: { header: X-User, from: [127.0.0.1/32] } }
      rules: [{ clientId: "{sub}", capability: { "chat": [publish] } }]
      """
    try Data(text.utf8).write(to: path)
    _ = try await ServeProcess.run(
      ["--policy", path.path, "--port", "0"], ["ABLY_API_KEY": Tool.key]
    ) { serve in
      let answer = try await ask(serve.port, "/console")
      #expect(answer.status == 404)
    }
  }
}
