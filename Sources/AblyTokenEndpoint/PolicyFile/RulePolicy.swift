public import AblyTokens

/// The rules of a policy file: the first whose conditions all hold decides, and nobody gets anything without one.
public struct RulePolicy: TokenPolicy {
  let rules: [PolicyRule]

  /// What the rules decide.
  public func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
    decide(caller.claims)
  }

  /// What the rules decide.
  public func promptDecision(
    for caller: Caller, asking wish: TokenWish
  ) throws(ErrorInfo) -> Promptly<PolicyDecision> {
    .now(decide(caller.claims))
  }

  func decide(_ claims: [String: JSONValue]) -> PolicyDecision {
    guard let rule = rules.first(where: { $0.fits(claims) }) else {
      return .refuse("no rule of the policy grants this caller anything")
    }
    switch rule.effect {
    case .deny(let reason): return .refuse(reason, rule: rule.name)
    case .grant(let template):
      do { return .grant(try template.grant(claims), rule: rule.name) } catch {
        return .refuse(error.message, rule: rule.name)
      }
    }
  }
}
