/// What became of an operation on several things (BAR1).
public struct BatchResult<Success: Sendable, Failure: Error>: Sendable {
  /// For how many it succeeded (BAR2a).
  public var successCount: Int

  /// For how many it failed (BAR2b).
  public var failureCount: Int

  /// What became of each (BAR2c).
  public var results: [Result<Success, Failure>]

  /// Counts results.
  public init(_ results: [Result<Success, Failure>]) {
    self.results = results
    successCount = results.count { if case .success = $0 { true } else { false } }
    failureCount = results.count - successCount
  }
}
