/// Something to be timed, and what its cost is a multiple of.
struct Benchmark {
  let name: String
  let floor: String?
  /// Does the work so many times.
  let run: (Int) throws -> Void

  init(_ name: String, floor: String? = nil, _ run: @escaping (Int) throws -> Void) {
    self.name = name
    self.floor = floor
    self.run = run
  }

  static func all() throws -> [Benchmark] {
    try signing() + webTokens() + capabilities() + floors()
  }
}
