/// Random values for ids, from the system's cryptographic source.
enum Randomness {
  /// Gives so many random bytes.
  typealias Source = @Sendable (Int) -> [UInt8]

  static let system: Source = { count in
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
    }
    return Array(bytes.prefix(count))
  }

  static func alphanumeric(_ count: Int) -> String {
    let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<count).map { _ in characters[Int.random(in: characters.indices)] })
  }
}
