internal import AblyTokens

/// Something wrong with a policy file, and where.
public struct PolicyProblem: Sendable, Hashable, CustomStringConvertible {
  /// The line, from 1; `nil` for what is not there at all.
  public let line: Int?

  /// What is wrong.
  public let message: String

  init(line: Int?, _ message: String) {
    self.line = line
    self.message = PeerText.line(message, maximumCount: 500)
  }

  /// Such as `line 12: …`.
  public var description: String { line.map { "line \($0): \(message)" } ?? message }
}
