internal import AblyTokens
internal import Synchronization

/// Shared state of a test.
package final class Mutexed<Value: Sendable>: Sendable {
  private let value: Locked<Value>

  package init(_ value: Value) { self.value = Locked(value) }

  package func withLock<Result: Sendable, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try value.withLock { (value) throws(Failure) -> Result in try body(&value) }
  }
}
