internal import ArgumentParser

/// A length of time as people write it: `90s`, `1h`, `500ms`. A bare integer is milliseconds, as in Ably's API.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  private static let units: [(suffix: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("", 1),
  ]

  init?(argument: String) {
    for unit in Self.units where argument.hasSuffix(unit.suffix) {
      guard let count = Int64(argument.dropLast(unit.suffix.count)) else { continue }
      let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
      guard !overflow else { return nil }
      duration = .milliseconds(milliseconds)
      return
    }
    return nil
  }
}
