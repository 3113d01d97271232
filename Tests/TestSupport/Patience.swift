package import Testing

extension Trait where Self == TimeLimitTrait {
  /// For suites that wait for something: a test for which it does not come ends at last, and is named, instead of going on
  /// for ever. It measures nothing, so it is far longer than any test takes on any machine.
  package static var endsAtLast: Self { .timeLimit(.minutes(10)) }
}

/// Waits until something is so. Where that never comes about, the suite's `endsAtLast` ends the wait.
package func until(_ isSo: @autoclosure () async throws -> Bool) async throws {
  while try await !isSo() {
    try Task.checkCancellation()
    await Task.yield()
  }
}
