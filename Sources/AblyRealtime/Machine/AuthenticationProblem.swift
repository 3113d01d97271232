internal import AblyTokens

/// What the failure to obtain a token means for a connection.
struct AuthenticationProblem: Sendable {
  let error: ErrorInfo
  /// Whether trying again makes no sense.
  let isFatal: Bool

  /// - Parameter canRenew: whether there is a source of tokens; what one says of its own is no lack of it.
  init(_ cause: ErrorInfo, canRenew: Bool) {
    switch cause.code {
    case .noMeansToRenew where !canRenew, .incompatibleCredentials:
      error = cause
      isFatal = true
    default:
      isFatal = cause.statusCode == 403
      error = ErrorInfo(
        .tokenRequestFailed, "the connection has no token: \(cause.message)",
        statusCode: isFatal ? 403 : 401, remedy: cause.remedy, cause: cause)
    }
  }

  /// Whether a token that is in use can do until it ends.
  var isLackOfMeans: Bool { error.code == .noMeansToRenew }
}
