/// What a policy decided.
public enum PolicyDecision: Sendable {
  /// The caller gets this, narrowed to what the client asked for. `rule` names the reason in the audit record.
  case grant(TokenGrant, rule: String? = nil)

  /// The caller gets nothing, and the client stops asking (403). It is told the reason.
  case refuse(String, rule: String? = nil)
}
