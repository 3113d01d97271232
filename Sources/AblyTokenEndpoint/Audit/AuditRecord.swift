public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What was decided about one request, by whom and why. It holds no secret and no token.
public struct AuditRecord: Sendable {
  /// When.
  public var time: Date

  /// Where the connection came from.
  public var peer: IPAddress?

  /// Who asked: the claim `sub`, on one line; `nil` where nobody was verified.
  public var caller: String?

  /// How the caller was known.
  public var way: String?

  /// Which rule decided.
  public var rule: String?

  /// What was decided.
  public var outcome = Outcome.refused(ErrorInfo(.unauthorized, "nothing was decided"))

  /// What was decided about a request.
  public enum Outcome: Sendable {
    /// A token was given.
    case granted(Grant)
    /// It was refused, with this code and reason.
    case refused(ErrorInfo)
  }

  /// What was given.
  public struct Grant: Sendable {
    /// In which form.
    public var form: TokenForm
    /// The name of the key that signed.
    public var keyName: String
    /// The identity bound to the token.
    public var clientId: String?
    /// What it may do.
    public var capability: Capability
    /// How long it lives.
    public var ttl: Duration
  }

  init(time: Date, peer: IPAddress?) {
    self.time = time
    self.peer = peer
  }
}
