/// How much of what was published before is asked for when a channel is attached: the channel param `rewind`,
/// such as `10` messages, `30s` or `2m`.
struct Rewind: Sendable {
  let count: Int
  private let milliseconds: Int64?

  private static let maximumCount = 100
  private static let longest: Int64 = 120_000

  /// `nil` for what says nothing.
  init?(_ text: String?) {
    guard let text else { return nil }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number > 0 else { return nil }
    let unit: Int64? =
      switch text.dropFirst(digits.count) {
      case "s": 1000
      case "m": 60_000
      default: nil
      }
    if let unit {
      count = Self.maximumCount
      milliseconds = min(number, Self.longest) * unit
    } else if digits.count == text.count {
      count = Int(min(number, Int64(Self.maximumCount)))
      milliseconds = nil
    } else {
      return nil
    }
  }

  func start(at now: Int64) -> Int64 {
    now - min(milliseconds ?? Self.longest, Self.longest)
  }
}
