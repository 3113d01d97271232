public import AblyTokens

/// Who may ask an endpoint, what they get, and how it is signed.
public struct EndpointSetup: Sendable {
  /// The ways to know a caller. The first that applies to a request decides.
  public var callers: [any CallerVerifier] { parts.callers }

  /// What a caller gets.
  public var policy: any TokenPolicy { parts.policy }

  /// In which form.
  public var form: TokenForm { parts.form }

  /// The keys that sign.
  public var keys: KeyRing { parts.keys }

  /// How often a caller may ask.
  public var limit: RateLimit? { parts.limit }

  // Behind a reference, because each request takes all of it along.
  let parts: Parts

  final class Parts: Sendable {
    let callers: [any CallerVerifier]
    let policy: any TokenPolicy
    let form: TokenForm
    let keys: KeyRing
    let origins: AllowedOrigins
    let limit: RateLimit?

    init(
      callers: [any CallerVerifier], policy: any TokenPolicy, form: TokenForm, keys: KeyRing,
      origins: AllowedOrigins, limit: RateLimit?
    ) {
      self.callers = callers
      self.policy = policy
      self.form = form
      self.keys = keys
      self.origins = origins
      self.limit = limit
    }
  }

  /// Puts a setup together.
  ///
  /// - Parameters:
  ///   - callers: the ways to know a caller, in order.
  ///   - policy: what a caller gets.
  ///   - keys: the keys that sign.
  ///   - form: in which form a token is given.
  ///   - origins: the web pages whose scripts may read the answers, such as `https://app.example`.
  ///   - limit: how often a caller may ask.
  /// - Throws: 40003 for an origin that is not a scheme, a host and perhaps a port.
  public init(
    callers: [any CallerVerifier], policy: any TokenPolicy, keys: KeyRing, form: TokenForm = .request,
    origins: [String] = [], limit: RateLimit? = nil
  ) throws(ErrorInfo) {
    parts = Parts(
      callers: callers, policy: policy, form: form, keys: keys, origins: try AllowedOrigins(origins),
      limit: limit)
  }
}
