#if Postgres
  internal import AblyTokens
  internal import Synchronization

  /// A value that several tasks of a test look at.
  final class Shared<Value: Sendable>: Sendable {
    private let locked: Locked<Value>

    init(_ value: Value) { locked = Locked(value) }

    var value: Value { locked.withLock(\.self) }

    /// Changes it, and gives what it has become.
    @discardableResult
    func change(_ body: (inout Value) -> Void) -> Value {
      locked.withLock { value in
        body(&value)
        return value
      }
    }
  }
#endif
