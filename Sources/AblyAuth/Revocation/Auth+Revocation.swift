public import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension Auth {
  /// Revokes tokens that were issued with the client's key (RSA17). The key must allow it.
  ///
  /// - Parameters:
  ///   - targets: which tokens; at least one, and at most 100.
  ///   - issuedBefore: only tokens that were issued before this; now where it is absent (RSA17e).
  ///   - allowReauthMargin: whether connections get half a minute to bring another token (RSA17f).
  /// - Returns: what became of each target (RSA17c).
  /// - Throws: 40162 under token authentication, without asking (RSA17d); 40003 without a target; the
  ///   service's refusal; 50003 when it does not answer in time, 80000 when it cannot be reached.
  public func revokeTokens(
    _ targets: [TokenRevocationTargetSpecifier], issuedBefore: Date? = nil, allowReauthMargin: Bool? = nil
  ) async throws(ErrorInfo) -> BatchResult<TokenRevocationSuccessResult, TokenRevocationFailureResult> {
    let (scheme, key, credentials) = inner.withLock {
      ($0.state.scheme, $0.state.stored.options.key, $0.state.credentials)
    }
    guard scheme == .basic, let key, let credentials else {
      throw ErrorInfo(
        .operationRequiresBasicAuth, "tokens are revoked with the key that issued them, not with a token",
        statusCode: 401)
    }
    guard !targets.isEmpty else {
      throw ErrorInfo(.invalidParameterValue, "there is nothing to revoke")
    }
    var body: [String: JSONValue] = ["targets": .array(targets.map { .string($0.text) })]
    if let issuedBefore {
      body["issuedBefore"] = .number(JSONNumber(try Milliseconds.of(issuedBefore, "issuedBefore")))
    }
    body["allowReauthMargin"] = allowReauthMargin.map(JSONValue.bool)
    let answer = try await service.revoke(
      .object(body), keyName: key.keyName, authorization: credentials.header)
    return try BatchResult(answer)
  }
}

extension BatchResult<TokenRevocationSuccessResult, TokenRevocationFailureResult> {
  /// Reads the results, in their envelope or bare.
  fileprivate init(_ answer: JSONValue) throws(ErrorInfo) {
    guard let elements = answer["results"]?.array ?? answer.array else {
      throw ErrorInfo(unreadable: "the answer to revokeTokens holds no results", status: 200)
    }
    var results: [Result<TokenRevocationSuccessResult, TokenRevocationFailureResult>] = []
    for element in elements { results.append(try Self.result(element)) }
    self.init(results)
  }

  private static func result(
    _ element: JSONValue
  ) throws(ErrorInfo) -> Result<TokenRevocationSuccessResult, TokenRevocationFailureResult> {
    let what = "result of revokeTokens"
    let target = try element.requiredText("target", of: what)
    if let error = element["error"] {
      let reason = ErrorInfo(json: error) ?? ErrorInfo(.badRequest, "an error without an explanation")
      return .failure(TokenRevocationFailureResult(target: target, error: reason))
    }
    guard let appliesAt = element["appliesAt"], let issuedBefore = element["issuedBefore"] else {
      throw ErrorInfo(unreadable: "a \(what) lacks its times", status: 200)
    }
    return .success(
      TokenRevocationSuccessResult(
        target: target, appliesAt: Milliseconds.date(try Milliseconds.of(appliesAt, "appliesAt")),
        issuedBefore: Milliseconds.date(try Milliseconds.of(issuedBefore, "issuedBefore"))))
  }
}
