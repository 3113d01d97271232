internal import AblyTokens
internal import Synchronization

/// JWTs that were shown before the time at which they say that they were issued: their signer's clock is ahead.
///
/// Such a token was there before its time, so what is revoked in between means it. It counts as issued when it can
/// have been at the earliest, here and as long as it lives. One that nobody shows before its time is a token of that
/// time.
final class EarlyTokens: Sendable {
  private struct Token: Sendable {
    let issued: Int64
    let expires: Int64
  }

  private let tokens = Locked<[TokenMark: Token]>([:])
  private let maximumCount: Int

  init(maximumCount: Int = 100_000) { self.maximumCount = maximumCount }

  var count: Int { tokens.withLock(\.count) }

  /// When a token counts as issued.
  ///
  /// - Parameters:
  ///   - jwt: the token, which was found genuine and to expire later than now.
  ///   - issued: when it says that it was, in milliseconds since 1970.
  ///   - expires: when it ends.
  /// - Returns: another time than it says, for an early one.
  func moment(of jwt: UnverifiedJWT, issued: Int64, expires: Int64, at now: Int64) -> Int64? {
    let isAhead = issued > now
    guard isAhead || count > 0 else { return nil }
    let mark = TokenMark(Secret(jwt.signedPart))
    return tokens.withLock { tokens -> Int64? in
      if let known = tokens[mark] { return known.issued }
      guard isAhead else { return nil }
      let earliest = issued - TokenAuthority.timestampTolerance
      if tokens.count >= maximumCount { tokens = tokens.filter { $0.value.expires > now } }
      // Where there is no room it counts so until its time has come.
      if tokens.count < maximumCount { tokens[mark] = Token(issued: earliest, expires: expires) }
      return earliest
    }
  }
}
