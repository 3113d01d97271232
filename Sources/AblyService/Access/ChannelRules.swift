internal import AblyTokens

/// Values by channel or by pattern, where the narrowest pattern that covers a channel decides.
///
/// Patterns are those of capabilities. Of two that cover a channel the one with more segments that are no
/// wildcard is the narrower; then the longer one; then the order of their bytes decides, so that the same
/// token means the same everywhere.
struct ChannelRules<Value: Sendable>: Sendable {
  private let rules: [(pattern: Capability.Resource, value: Value)]

  /// Rules by their patterns. One whose bracket cannot be read covers nothing.
  init(_ values: [String: Value]) {
    guard !values.isEmpty else {
      rules = []
      return
    }
    rules = values.map { (Capability.Resource($0.key), $0.value) }
      .sorted { Self.precedes($0.pattern, $1.pattern) }
  }

  var isEmpty: Bool { rules.isEmpty }

  /// The value for a channel; `nil` when no pattern covers it.
  func value(on channel: String) -> Value? {
    rules.first { $0.pattern.matches(channel) }?.value
  }

  private static func precedes(_ left: Capability.Resource, _ right: Capability.Resource) -> Bool {
    let (leftSegments, rightSegments) = (left.segments, right.segments)
    let leftLiterals = leftSegments.count { $0 != "*" }
    let rightLiterals = rightSegments.count { $0 != "*" }
    if leftLiterals != rightLiterals { return leftLiterals > rightLiterals }
    if leftSegments.count != rightSegments.count { return leftSegments.count > rightSegments.count }
    return left < right
  }
}
