internal import AblyTokens

extension Benchmark {
  /// Token requests, beside one SHA-256 over a text of the same length.
  static func signing() throws -> [Benchmark] {
    let floor = "sha256.raw"
    let params = Sample.params
    let signer = TokenRequestSigner(key: try Sample.key())
    let request = try TokenRequest(json: signer.sign(params).jsonText)
    return [
      Benchmark("sign.tokenRequest", floor: floor) { count in
        for _ in 0..<count { blackHole(try signer.sign(params)) }
      },
      Benchmark("sign.tokenRequestJSON", floor: floor) { count in
        for _ in 0..<count { blackHole(try signer.sign(params).jsonUTF8) }
      },
      Benchmark("sign.verify", floor: floor) { count in
        for _ in 0..<count { blackHole(signer.verify(request)) }
      },
    ]
  }
}
