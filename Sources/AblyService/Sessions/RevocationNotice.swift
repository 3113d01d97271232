internal import AblyTokens

/// A revocation as far as it concerns those who are connected.
struct RevocationNotice: Sendable, Hashable {
  let keyName: String
  let target: RevocationTarget
  let entry: RevocationIndex.Entry

  init(_ revocation: Revocation) {
    keyName = revocation.keyName
    target = revocation.target
    entry = revocation.entry
  }

  func concerns(_ token: BearerToken?) -> Bool {
    guard let bearer = token?.bearer, bearer.keyName == keyName else { return false }
    return entry.covers(bearer) && bearer.has(target)
  }
}
