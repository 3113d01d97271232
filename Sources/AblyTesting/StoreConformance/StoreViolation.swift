/// What a store did that none may do.
public struct StoreViolation: Error, Sendable, CustomStringConvertible {
  /// What should have been so.
  public let expectation: String

  /// Where the check stands in this package's sources.
  public let location: String

  /// The expectation and where it stands.
  public var description: String { "expected: \(expectation) (\(location))" }

  static func unless(
    _ condition: Bool, _ expectation: String, file: String = #fileID, line: Int = #line
  ) throws(StoreViolation) {
    guard condition else { throw StoreViolation(expectation: expectation, location: "\(file):\(line)") }
  }
}
