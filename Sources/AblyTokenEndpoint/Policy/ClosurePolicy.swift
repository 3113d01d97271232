public import AblyTokens

/// A policy that is one closure.
public struct ClosurePolicy: TokenPolicy {
  private let decide: @Sendable (Caller, TokenWish) async throws -> PolicyDecision

  /// Asks `decide`; what it throws becomes a 503 unless it is an `ErrorInfo` with status 403.
  public init(_ decide: @escaping @Sendable (Caller, TokenWish) async throws -> PolicyDecision) {
    self.decide = decide
  }

  /// What the closure decides.
  public func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
    do { return try await decide(caller, wish) } catch let error as ErrorInfo { throw error } catch {
      throw ErrorInfo(.timeout, "\(type(of: error))", statusCode: 503)
    }
  }
}
