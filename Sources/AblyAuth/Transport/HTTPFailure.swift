/// Why a request got no answer.
public struct HTTPFailure: Error, Sendable, Hashable {
  /// The kinds of failure that are told apart because something else helps against each.
  public enum Reason: Sendable, Hashable {
    /// The host's name has no address.
    case unresolved
    /// Nothing listens at the host's port.
    case refused
    /// There is no way to the host.
    case unreachable
    /// There was no connection, or no complete answer, in time.
    case timedOut
    /// The host's certificate is not trusted here, or is for another name.
    case untrusted
    /// TLS itself could not be agreed upon.
    case tls
    /// The connection ended before the answer did.
    case broken
    /// What came back is not HTTP.
    case malformed
    /// The answer is larger than allowed.
    case tooLarge
    /// The task that asked was cancelled.
    case cancelled
    /// The request cannot be sent as it is.
    case invalidRequest
  }

  /// The kind.
  public var reason: Reason

  /// What the transport says about it, without secrets.
  public var detail: String

  /// Describes a failure.
  public init(_ reason: Reason, _ detail: String) {
    self.reason = reason
    self.detail = detail
  }
}
