internal import Crypto

extension Benchmark {
  /// The least that the work above can cost with swift-crypto, in the fastest way to ask it.
  static func floors() throws -> [Benchmark] {
    let signedText = try Sample.signedText()
    let tokenText = try Sample.tokenText()
    let key = SymmetricKey(data: Array(Sample.secret.utf8))
    return [
      // The pointer, because hashing the array costs more; the digest stays unread for the same reason.
      Benchmark("sha256.raw") { count in
        signedText.withUnsafeBytes { text in
          for _ in 0..<count { blackHole(SHA256.hash(data: text)) }
        }
      },
      Benchmark("hmac.oneShot") { count in
        tokenText.withUnsafeBytes { text in
          for _ in 0..<count { blackHole(HMAC<SHA256>.authenticationCode(for: text, using: key)) }
        }
      },
      Benchmark("random.16") { count in
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<count { blackHole((generator.next(), generator.next())) }
      },
    ]
  }
}
