internal import AblyTokens

extension Benchmark {
  /// JWTs, beside one HMAC over the text that their signature covers.
  static func webTokens() throws -> [Benchmark] {
    let floor = "hmac.oneShot"
    let claims = Sample.claims
    let signer = AblyJWTSigner(key: try Sample.key())
    let token = try signer.mint(claims).token
    return [
      Benchmark("jwt.mint", floor: floor) { count in
        for _ in 0..<count { blackHole(try signer.mint(claims)) }
      },
      Benchmark("jwt.verify", floor: floor) { count in
        for _ in 0..<count { blackHole(try signer.verify(token, at: Sample.now)) }
      },
    ]
  }
}
