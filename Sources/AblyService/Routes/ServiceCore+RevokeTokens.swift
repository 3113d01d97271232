package import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// The most targets of one request; one more and nothing is revoked.
  private static let maximumTargets = 100

  /// `POST /keys/{keyName}/revokeTokens` (RSA17g).
  func revokeTokens(_ request: ServiceRequest, keyName: String) async throws(ErrorInfo) -> ServiceResponse {
    let now = now
    try check(mayRevoke: request, keyName: keyName, at: now)
    let body = try request.json()
    let end = self.revocations.withLock { $0.end(ofAllOf: keyName, at: now) }
    let entry = try Self.entry(body, at: now, end: end)
    guard let texts = body["targets"]?.array, !texts.isEmpty, texts.count <= Self.maximumTargets else {
      throw ErrorInfo(
        .badRequest, "targets must be an array of 1 to \(Self.maximumTargets) strings", statusCode: 400)
    }
    let outcomes = texts.map { Outcome($0, of: keyName, entry) }
    let revocations = outcomes.compactMap(\.revocation)
    try self.revocations.withLock { (index) throws(ErrorInfo) in
      try index.checkRoom(for: revocations, at: now)
    }
    if !revocations.isEmpty { try await revoke(revocations, at: now) }
    return ServiceResponse(
      201,
      [
        "successCount": .number(JSONNumber(revocations.count)),
        "failureCount": .number(JSONNumber(outcomes.count - revocations.count)),
        "results": .array(outcomes.map(\.json)),
      ])
  }

  /// What becomes of a target.
  private struct Outcome {
    let text: String
    let result: Result<Revocation, ErrorInfo>

    init(_ target: JSONValue, of keyName: String, _ entry: RevocationIndex.Entry) {
      text = target.string ?? target.text
      do throws(ErrorInfo) {
        let target = try RevocationTarget(text)
        guard target.value.utf8.count <= RevocationTarget.maximumBytes else {
          throw ErrorInfo(
            .badRequest, "the target takes more than \(RevocationTarget.maximumBytes) bytes", statusCode: 400)
        }
        result = .success(
          Revocation(
            keyName: keyName, target: target, issuedBefore: entry.issuedBefore,
            appliesAt: entry.appliesAt))
      } catch { result = .failure(error) }
    }

    var revocation: Revocation? { try? result.get() }

    var json: JSONValue {
      switch result {
      case .success(let revocation):
        [
          "target": .string(text), "issuedBefore": .number(JSONNumber(revocation.issuedBefore)),
          "appliesAt": .number(JSONNumber(revocation.appliesAt)),
        ]
      case .failure(let error): ["target": .string(text), "error": error.json]
      }
    }
  }

  /// - Throws: what the authenticator does; 40162 for a token, 40133 for another key than the path's, 40164
  ///   for a key whose tokens cannot be revoked.
  private func check(mayRevoke request: ServiceRequest, keyName: String, at now: Int64) throws(ErrorInfo) {
    let principal = try authenticator.principal(of: request, at: now)
    guard principal.hasKey else {
      throw ErrorInfo(
        .operationRequiresBasicAuth, "tokens are revoked with the key that issued them", statusCode: 401)
    }
    guard principal.key.keyName == keyName else {
      throw ErrorInfo(
        .wrongKeyForRevocation, "the key that was shown is not the one that the path asks", statusCode: 401,
        remedy: "Post to /keys/{keyName}/revokeTokens with the name of the key you show.")
    }
    guard principal.key.serviceKey.revocableTokens else {
      throw ErrorInfo(
        .revocationNotEnabled, "the tokens of this key cannot be revoked", statusCode: 401,
        remedy: "Use a key with revocable tokens: for the local service, --revocable-key.")
    }
  }

  /// Revokes all tokens of a key that a target names, those of this very moment and second included, as if by
  /// a request.
  ///
  /// - Throws: 40000 for what is no target; then nothing is revoked.
  package func revokeTokens(_ targets: [String], of keyName: String) async throws(ErrorInfo) {
    let now = now
    // A JWT of the millisecond with which a second begins is of the time before, too.
    let end = revocations.withLock { $0.end(ofAllOf: keyName, at: now + 1) }
    var list: [Revocation] = []
    for text in targets {
      list.append(
        Revocation(keyName: keyName, target: try RevocationTarget(text), issuedBefore: end, appliesAt: now))
    }
    try await revoke(list, at: now)
  }

  /// - Throws: 40003 for an `issuedBefore` in the future or more than an hour ago, 40000 for an
  ///   `allowReauthMargin` that is not a truth value.
  private static func entry(
    _ body: JSONValue, at now: Int64, end: Int64
  ) throws(ErrorInfo) -> RevocationIndex.Entry {
    let issuedBefore = try body["issuedBefore"].map { value throws(ErrorInfo) in
      try Milliseconds.of(value, "issuedBefore")
    }
    if let issuedBefore {
      guard issuedBefore <= now, issuedBefore >= now - RevocationIndex.longestLife else {
        throw ErrorInfo(
          .invalidParameterValue, "issuedBefore is in the future or more than an hour ago", statusCode: 400)
      }
    }
    let margin = body["allowReauthMargin"]
    guard margin == nil || margin?.bool != nil else {
      throw ErrorInfo(.badRequest, "allowReauthMargin is neither true nor false", statusCode: 400)
    }
    let isPostponed = margin?.bool == true
    guard let issuedBefore, issuedBefore < now else {
      return RevocationIndex.Entry(
        issuedBefore: end, appliesAt: isPostponed ? end + Revocation.reauthMargin : now)
    }
    if isPostponed {
      return RevocationIndex.Entry(issuedBefore: issuedBefore, appliesAt: now + Revocation.reauthMargin)
    }
    // Otherwise this one would look like one of all tokens with a margin.
    let looksPostponed = issuedBefore == now - Revocation.reauthMargin
    return RevocationIndex.Entry(issuedBefore: issuedBefore, appliesAt: looksPostponed ? now - 1 : now)
  }
}
