extension ErrorInfo {
  /// An error from an HTTP answer whose body says nothing readable, as a proxy's page does.
  ///
  /// - Parameters:
  ///   - httpStatus: the answer's status.
  ///   - errorCode: the header `X-Ably-ErrorCode`. Without one the code is derived from the status.
  ///   - errorMessage: the header `X-Ably-ErrorMessage`. It becomes one line of at most 2 KiB without
  ///     control characters.
  ///   - requestId: the id that the request carried (RSC7c).
  public init(
    httpStatus: Int, errorCode: String? = nil, errorMessage: String? = nil, requestId: String? = nil
  ) {
    let code = errorCode.flatMap { Int($0) }.flatMap { $0 > 0 ? Code(rawValue: $0) : nil }
    let message = errorMessage.flatMap { $0.isEmpty ? nil : PeerText.line($0) }
    self.init(
      code ?? Code(httpStatus: httpStatus), message ?? "HTTP status \(httpStatus) without an explanation",
      statusCode: httpStatus, requestId: requestId)
  }
}
