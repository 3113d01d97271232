internal import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The time as the service has it, as far as that is known (RSA9d, RSA10k).
final class ServerClock: Sendable {
  private let service: any TokenService
  private let localNow: @Sendable () -> Date
  private let offset = Mutex<TimeInterval?>(nil)
  private let query = SharedWork<TimeInterval>()

  init(service: any TokenService, now: @escaping @Sendable () -> Date) {
    self.service = service
    localNow = now
  }

  /// This machine's time, corrected by the offset from the service's where that is known.
  ///
  /// - Parameter asking: whether to ask the service where it is not. It is asked once, and the offset kept.
  func now(asking: Bool) async throws(ErrorInfo) -> Date {
    if let offset = offset.withLock({ $0 }) { return localNow() + offset }
    guard asking else { return localNow() }
    return localNow() + (try await learnedOffset())
  }

  private func learnedOffset() async throws(ErrorInfo) -> TimeInterval {
    try await query.value { () async throws(ErrorInfo) -> TimeInterval in
      if let offset = offset.withLock({ $0 }) { return offset }
      let learned = try await service.serverTime().timeIntervalSince(localNow())
      offset.withLock { $0 = learned }
      return learned
    }
  }
}
