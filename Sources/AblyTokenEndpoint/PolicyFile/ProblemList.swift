internal import Yams

/// Collects what is wrong, so that a reader learns of all of it at once.
struct ProblemList {
  private(set) var problems: [PolicyProblem] = []

  mutating func add(_ node: Node?, _ message: String) { add(line: node?.mark?.line, message) }

  mutating func add(line: Int?, _ message: String) {
    // One mistake may be seen from two sides.
    let problem = PolicyProblem(line: line, message)
    if !problems.contains(problem) { problems.append(problem) }
  }

  func throwIfAny() throws(PolicyFileError) {
    guard problems.isEmpty else { throw PolicyFileError(problems) }
  }
}
