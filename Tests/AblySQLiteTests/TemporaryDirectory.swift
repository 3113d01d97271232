internal import Foundation

/// A folder that is removed after a test.
struct TemporaryDirectory {
  static func use<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: "ably-store-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(url.path)
  }
}
