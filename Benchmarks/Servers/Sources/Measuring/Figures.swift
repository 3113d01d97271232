/// What several rounds gave.
package struct Figures: Sendable {
  package private(set) var values: [Double] = []

  package init() {}

  package mutating func add(_ value: Double) { values.append(value) }

  package var median: Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

  /// The median, and between which values the middle half of the rounds lay.
  package func spread(_ digits: Int = 0) -> String {
    let sorted = values.sorted()
    guard let low = sorted.dropFirst(values.count / 4).first,
      let high = sorted.dropFirst(values.count * 3 / 4).first
    else { return "?" }
    return "\(text(median, digits)) (\(text(low, digits)) to \(text(high, digits)))"
  }
}

/// A number with so many digits behind the point.
package func text(_ value: Double, _ digits: Int = 0) -> String {
  if digits == 0 { return "\(Int(value.rounded()))" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  return "\((value * scale).rounded() / scale)"
}

/// How long some work takes.
package func seconds(_ work: () async throws -> Void) async throws -> Double {
  let start = ContinuousClock.now
  try await work()
  return start.duration(to: .now) / .seconds(1)
}
