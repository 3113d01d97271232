import AblyTokens
import Foundation
import Testing

/// A file in `Vectors`, made by `make-vectors.py`.
enum VectorFile {
  static func json(_ name: String) throws -> JSONValue {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors"))
    return try JSONValue(parsing: Data(contentsOf: url))
  }
}
