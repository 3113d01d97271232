/// What can be said at once, or only after something was waited for.
///
/// Whoever answers ``now(_:)`` is asked on the thread that serves the connection, which makes an answer cheap; so
/// it must not block.
public enum Promptly<Value> {
  /// The answer.
  case now(Value)

  /// It takes a file, another machine or somebody else: ask the function that is `async`.
  case later
}

extension Promptly: Sendable where Value: Sendable {}
