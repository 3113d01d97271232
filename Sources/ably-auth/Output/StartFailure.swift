internal import AblyTokens

/// Why a server of this tool does not run, or not any more: that is no answer to anybody, so it is told as a sentence.
struct StartFailure: Error {
  let error: ErrorInfo

  /// 1 where it is refused, 2 where what was given cannot work on this machine, 3 where what it needs is out of reach.
  let exitCode: Int32

  init(_ error: ErrorInfo, exitCode: Int32? = nil) {
    self.error = error
    self.exitCode = exitCode ?? (error.code == .invalidParameterValue ? 2 : 1)
  }

  /// Runs what a server begins with: an error from it is told as one of starting.
  static func unless<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as ErrorInfo { throw StartFailure(error) }
  }
}
