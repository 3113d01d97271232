internal import AblyTokens

extension Benchmark {
  /// Capabilities. They hash nothing; the floor only makes their figures comparable between machines.
  static func capabilities() throws -> [Benchmark] {
    let floor = "sha256.raw"
    let capability = Sample.capability
    let text = capability.canonicalText
    let other: Capability = ["*:lobby": [.publish], "news:*": [.all], "[meta]log": [.subscribe]]
    return [
      Benchmark("capability.parse", floor: floor) { count in
        for _ in 0..<count { blackHole(try Capability(strict: text)) }
      },
      Benchmark("capability.allows", floor: floor) { count in
        for _ in 0..<count { blackHole(capability.allows(.history, on: "news:sport:football")) }
      },
      Benchmark("capability.intersect", floor: floor) { count in
        for _ in 0..<count { blackHole(capability.intersection(other)) }
      },
    ]
  }
}
