public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Callers that a closure of yours knows, such as by the session of your own login.
public struct ClosureCallers: CallerVerifier {
  private let verify: @Sendable (EndpointRequest) async throws -> Caller?

  /// Asks `verify`. It gives `nil` where the request carries nothing that it knows, and throws where it carries
  /// something that does not verify: an `ErrorInfo` with status 401 or 403, or anything else, which becomes a 503.
  public init(_ verify: @escaping @Sendable (EndpointRequest) async throws -> Caller?) {
    self.verify = verify
  }

  /// Whom the closure knows.
  public func caller(of request: EndpointRequest, at now: Date) async throws(ErrorInfo) -> Caller? {
    do { return try await verify(request) } catch let error as ErrorInfo { throw error } catch {
      throw ErrorInfo(.timeout, "the caller could not be verified: \(type(of: error))", statusCode: 503)
    }
  }
}
