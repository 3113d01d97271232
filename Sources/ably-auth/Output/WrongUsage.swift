internal import AblyTokens

/// What the arguments or the environment said that cannot be done, whatever any service might answer.
struct WrongUsage: Error {
  let error: ErrorInfo

  /// Runs what depends on the arguments alone: an error from it is one of usage.
  static func unless<Value>(_ body: () throws(ErrorInfo) -> Value) throws(WrongUsage) -> Value {
    do { return try body() } catch { throw WrongUsage(error: error) }
  }
}
