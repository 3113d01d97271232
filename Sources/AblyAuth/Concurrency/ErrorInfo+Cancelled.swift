package import AblyTokens

extension ErrorInfo {
  /// The task that asked was cancelled.
  package static let cancelled = ErrorInfo(.operationCanceled, "the task was cancelled", statusCode: 0)
}
