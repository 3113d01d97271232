/// All that is wrong with a policy file, in the order of its lines.
public struct PolicyFileError: Error, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let problems: [PolicyProblem]

  init(_ problems: [PolicyProblem]) {
    self.problems = problems.sorted { ($0.line ?? 0, $0.message) < ($1.line ?? 0, $1.message) }
  }

  /// One line for each.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
