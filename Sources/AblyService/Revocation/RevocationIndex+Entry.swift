internal import AblyTokens

extension RevocationIndex {
  /// Times in milliseconds since 1970.
  struct Entry: Sendable, Hashable {
    /// Tokens that were issued before this are meant.
    let issuedBefore: Int64
    /// They are refused from this moment on.
    let appliesAt: Int64

    /// Whether all tokens are meant that there were when it was made: what is issued later says so, whatever the
    /// clock of its node says.
    var meansAll: Bool {
      let (lead, overflow) = appliesAt.subtractingReportingOverflow(issuedBefore)
      return !overflow && (lead <= 0 || lead == Revocation.reauthMargin)
    }

    /// From when on it is heeded: one that is not postponed at once, also where the clock is behind.
    var begins: Int64 { appliesAt <= issuedBefore ? .min : appliesAt }

    /// Tokens of this service that say nothing of it are meant if they were issued before this: the clock of a node
    /// may be ahead.
    var horizon: Int64 {
      guard meansAll else { return issuedBefore }
      let (sum, overflow) = issuedBefore.addingReportingOverflow(TokenAuthority.timestampTolerance)
      return overflow ? .max : sum
    }

    /// Whether a token that its target names is meant.
    func covers(_ bearer: Bearer) -> Bool {
      guard bearer.isOfService, meansAll else { return bearer.issued < issuedBefore }
      return max(bearer.issued, bearer.horizon ?? .min) < horizon
    }

    /// Whether it makes another one of its target idle.
    func includes(_ other: Entry) -> Bool {
      other.appliesAt >= appliesAt && other.issuedBefore <= issuedBefore && other.horizon <= horizon
    }

    /// Whether it is refused a token of which nobody can say that it was issued later: the token's time is told
    /// in whole seconds, and the second is the one of the revocation.
    func isOfTheSecond(of bearer: Bearer) -> Bool {
      let (difference, overflow) = issuedBefore.subtractingReportingOverflow(bearer.issued)
      return bearer.isToTheSecond && !overflow && difference < 1000
    }

    /// Whether a token that it is about may still be alive, or it has yet to begin.
    func canMatter(at now: Int64) -> Bool {
      let (end, overflow) = issuedBefore.addingReportingOverflow(Revocation.longestLife)
      return overflow || end > now || appliesAt > now
    }

    /// Whether it may be forgotten.
    func canBeSwept(at now: Int64) -> Bool {
      let (past, underflow) = now.subtractingReportingOverflow(Revocation.sweepMargin)
      return !underflow && !canMatter(at: past)
    }
  }

  /// What can be revoked by: the parts of a token that targets name.
  struct Bearer: Sendable {
    let keyName: String

    /// In milliseconds since 1970. Of a time in whole seconds it is the beginning of the second, so that a token
    /// which may have been issued before a revocation counts as such.
    let issued: Int64

    /// Whether nothing below a second is known of when it was issued.
    var isToTheSecond = false

    /// Whether it was shown before the time at which it says that it was issued.
    var isEarly = false

    /// Whether a node of this service issued it.
    var isOfService = false

    /// Up to which time it is not meant by what was revoked before it was issued; see ``Entry/horizon``.
    var horizon: Int64?

    var clientId: String?
    var revocationKey: String?
    var channels: [String] = []

    /// Whether it has what a target names.
    func has(_ target: RevocationTarget) -> Bool {
      switch target.kind {
      case .clientId: clientId?.isSpelt(as: target.value) == true
      case .revocationKey: revocationKey?.isSpelt(as: target.value) == true
      case .channel: channels.contains { $0.isSpelt(as: target.value) }
      }
    }
  }
}
