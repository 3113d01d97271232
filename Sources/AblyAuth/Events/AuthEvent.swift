public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Something that happened to a client's token.
public enum AuthEvent: Sendable, Hashable {
  /// A token is being obtained. Ends in `renewed` or `failed`, or in nothing when whoever needed it gave up.
  case renewing

  /// A token was taken into use; when it ends, as far as that is known.
  case renewed(expires: Date?)

  /// No token could be obtained. `willRetry` says whether the client tries again by itself: one for REST
  /// alone does so only when the next request needs a token.
  case failed(ErrorInfo, willRetry: Bool)
}
