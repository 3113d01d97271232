import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What a client asks the chat's server, besides its tokens.
struct ServerCalls: Sendable {
  struct Refusal: Error {
    let status: Int
  }

  /// Such as `http://127.0.0.1:8083`.
  let server: String

  /// A session for a name and its password.
  func signIn(_ name: String, _ password: String) async throws -> String {
    try await post("/sign-in", ["name": name, "password": password])
  }

  func remove(_ name: String, session: String) async throws {
    _ = try await post("/remove", ["name": name], session: session)
  }

  private func post(_ path: String, _ form: [String: String], session: String? = nil) async throws -> String {
    guard let url = URL(string: server + path) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
    if let session { request.setValue("Bearer \(session)", forHTTPHeaderField: "Authorization") }
    var body = URLComponents()
    body.queryItems = form.map { URLQueryItem(name: $0.key, value: $0.value) }
    request.httpBody = Data((body.percentEncodedQuery ?? "").utf8)
    let (data, response) = try await URLSession.shared.data(for: request)
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard (200...299).contains(status) else { throw Refusal(status: status) }
    return String(decoding: data, as: UTF8.self)
  }
}
