package import Testing

extension Trait where Self == TimeLimitTrait {
  /// For suites that wait for something: a test for which it does not come ends at last, and is named, instead of going on
  /// for ever. It measures nothing, so it is far longer than any test takes on any machine.
  package static var endsAtLast: Self { .timeLimit(.minutes(10)) }
}

/// For `ably-auth local`: a client of a test may leave a connection alone for as long as the machine is busy, and would
/// find it closed in the moment in which it asks.
package let patience = ["--first-request-timeout", "10m", "--idle-timeout", "10m"]

/// Waits until something is so. Where that never comes about, the suite's `endsAtLast` ends the wait.
package func until(_ isSo: @autoclosure () async throws -> Bool) async throws {
  while try await !isSo() {
    try Task.checkCancellation()
    await Task.yield()
  }
}
