public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// One way to know who asks.
public protocol CallerVerifier: Sendable {
  /// Who asks; `nil` where the request carries nothing of this kind, so that the next way is tried.
  ///
  /// - Throws: with status 401 for credentials that do not verify, 400 for a request that cannot be read, 503
  ///   when what is needed to verify cannot be reached.
  func caller(of request: EndpointRequest, at now: Date) async throws(ErrorInfo) -> Caller?

  /// The same, where nothing has to be waited for. Unless you write it, the other one is asked.
  func promptCaller(of request: EndpointRequest, at now: Date) throws(ErrorInfo) -> Promptly<Caller?>
}

extension CallerVerifier {
  /// Says that the other one has to be asked.
  public func promptCaller(of request: EndpointRequest, at now: Date) throws(ErrorInfo) -> Promptly<Caller?> {
    .later
  }
}
