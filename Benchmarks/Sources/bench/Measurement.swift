/// Times a benchmark and its floor in turn, in one run.
///
/// The figure that holds from one machine and hour to the next is the ratio of two things measured within the
/// same milliseconds. ordo-one/benchmark was tried and does not fit: it cannot put a floor between the rounds
/// of a candidate, its columns for instructions and allocations are empty on Linux without more privileges,
/// and it brings a dozen packages.
struct Measurement {
  private static let roundLength: Duration = .milliseconds(1)
  private static let rounds = 400

  let name: String
  let floor: String?
  let nanoseconds: Double
  /// The cost in multiples of the floor's.
  let ratio: Double?

  var perSecond: Double { 1e9 / nanoseconds }

  init(_ candidate: Benchmark, beside floor: Benchmark?) throws {
    let count = try Self.count(for: candidate)
    let floorCount = try floor.map(Self.count)
    var costs: [Double] = []
    var ratios: [Double] = []
    for round in 0..<Self.rounds {
      guard let floor, let floorCount else {
        costs.append(try Self.cost(of: candidate, count))
        continue
      }
      // In turn the first, so that a machine that grows slower favours neither.
      let floorFirst = round.isMultiple(of: 2)
      let before = floorFirst ? try Self.cost(of: floor, floorCount) : nil
      let cost = try Self.cost(of: candidate, count)
      costs.append(cost)
      ratios.append(cost / (try before ?? Self.cost(of: floor, floorCount)))
    }
    name = candidate.name
    self.floor = floor?.name
    nanoseconds = Self.median(costs)
    ratio = floor == nil ? nil : Self.median(ratios)
  }

  /// How often the work fits into a round; finding out warms it up.
  private static func count(for benchmark: Benchmark) throws -> Int {
    var count = 1
    while true {
      let cost = try cost(of: benchmark, count)
      if cost * Double(count) >= roundLength / .nanoseconds(1) { return count }
      count *= 2
    }
  }

  /// The nanoseconds of one piece of work, of `count` done in a row.
  private static func cost(of benchmark: Benchmark, _ count: Int) throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try benchmark.run(count)
    return (clock.now - start) / .nanoseconds(1) / Double(count)
  }

  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }
}
