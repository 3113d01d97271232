internal import AblyTokens

/// Random values for ids, from the system's cryptographic source.
enum Randomness {
  /// Gives so many random bytes, 256 at most.
  typealias Source = @Sendable (Int) -> [UInt8]

  static let system: Source = { RandomBytes.next($0) }

  static func alphanumeric(_ count: Int) -> String {
    let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<count).map { _ in characters[Int.random(in: characters.indices)] })
  }
}
