internal import Foundation

/// Times and lengths of time as people read them.
enum TimeText {
  /// Such as `2026-11-23T23:14:00.123Z`.
  static func of(_ date: Date) -> String {
    // The style cuts off what is below a millisecond, and a Double is often just below.
    date.addingTimeInterval(0.0005).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// Such as `in 59 minutes` or `2 days ago`: the largest unit that fits.
  static func distance(from now: Date, to date: Date) -> String {
    let seconds = date.timeIntervalSince(now)
    let units: [(Double, String)] = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
    let (size, name) = units.first { abs(seconds) >= $0.0 } ?? (1, "second")
    let count = (abs(seconds) / size).rounded(.down)
    let text =
      "\(count.formatted(.number.precision(.fractionLength(0)).grouping(.never))) \(name)\(count == 1 ? "" : "s")"
    return seconds >= 0 ? "in \(text)" : "\(text) ago"
  }
}
