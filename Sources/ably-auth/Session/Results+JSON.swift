internal import AblyAuth
internal import AblyTokens

extension HTTPPaginatedResponse {
  /// What came, as the command line prints it.
  var json: JSONValue {
    [
      "statusCode": .number(JSONNumber(statusCode)),
      "success": .bool(success),
      "errorCode": errorCode.map { .number(JSONNumber($0.rawValue)) } ?? .null,
      "errorMessage": errorMessage.map(JSONValue.string) ?? .null,
      "items": .array(items),
    ]
  }
}

extension BatchResult<TokenRevocationSuccessResult, TokenRevocationFailureResult> {
  /// What became of each target, as the command line prints it.
  func json() throws(ErrorInfo) -> JSONValue {
    var elements: [JSONValue] = []
    for result in results { elements.append(try Self.json(result)) }
    return [
      "successCount": .number(JSONNumber(successCount)), "failureCount": .number(JSONNumber(failureCount)),
      "results": .array(elements),
    ]
  }

  /// One target.
  static func json(
    _ result: Result<TokenRevocationSuccessResult, TokenRevocationFailureResult>
  ) throws(ErrorInfo) -> JSONValue {
    switch result {
    case .success(let success):
      [
        "target": .string(success.target),
        "appliesAt": .number(JSONNumber(try Milliseconds.of(success.appliesAt, "appliesAt"))),
        "issuedBefore": .number(JSONNumber(try Milliseconds.of(success.issuedBefore, "issuedBefore"))),
      ]
    case .failure(let failure): ["target": .string(failure.target), "error": failure.error.json]
    }
  }
}

extension AuthEvent {
  /// The event as the command line prints it.
  func json() throws(ErrorInfo) -> JSONValue {
    switch self {
    case .renewing: return ["event": "auth", "state": "renewing"]
    case .renewed(let expires):
      var time = JSONValue.null
      if let expires { time = .number(JSONNumber(try Milliseconds.of(expires, "expires"))) }
      return ["event": "auth", "state": "renewed", "expires": time]
    case .failed(let error, let willRetry):
      return ["event": "auth", "state": "failed", "error": error.json, "willRetry": .bool(willRetry)]
    }
  }
}
