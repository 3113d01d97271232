internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension EndpointSetup.Parts {
  /// Who asks, if that can be said at once; no caller where no way applies.
  func promptCaller(of request: EndpointRequest, at now: Date) throws(Refusal) -> Promptly<Caller?> {
    do throws(ErrorInfo) {
      for way in callers {
        switch try way.promptCaller(of: request, at: now) {
        case .now(nil): continue
        case .now(let caller): return .now(caller)
        case .later: return .later
        }
      }
    } catch {
      throw Self.unverified(error)
    }
    return .now(nil)
  }

  func caller(of request: EndpointRequest, at now: Date) async throws(Refusal) -> Caller? {
    do throws(ErrorInfo) {
      for way in callers {
        if let caller = try await way.caller(of: request, at: now) { return caller }
      }
    } catch {
      throw Self.unverified(error)
    }
    return nil
  }

  func promptDecision(_ caller: Caller, _ wish: TokenWish) throws(Refusal) -> Promptly<PolicyDecision> {
    do throws(ErrorInfo) {
      return try policy.promptDecision(for: caller, asking: wish)
    } catch {
      throw Self.undecided(error)
    }
  }

  func decision(_ caller: Caller, _ wish: TokenWish) async throws(Refusal) -> PolicyDecision {
    do throws(ErrorInfo) {
      return try await policy.decision(for: caller, asking: wish)
    } catch {
      throw Self.undecided(error)
    }
  }

  /// A malformed request, credentials that do not verify, or something that could not be reached.
  private static func unverified(_ error: ErrorInfo) -> Refusal {
    switch error.statusCode {
    case 400: .malformed(error.message)
    case 401: .unauthorized(error.message)
    case 403: .forbidden(error.message)
    default: .unavailable("the caller cannot be verified now", because: error)
    }
  }

  // A policy that fails has granted nothing, and may do better later.
  private static func undecided(_ error: ErrorInfo) -> Refusal {
    error.statusCode == 403
      ? .forbidden(error.message) : .unavailable("the policy cannot decide now", because: error)
  }
}
