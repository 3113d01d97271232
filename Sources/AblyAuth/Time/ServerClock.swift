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
  private let clock: HostClock
  private let offset = Locked(ServerOffset.unknown)
  private let query = SharedWork<Date>()

  init(service: any TokenService, clock: HostClock) {
    self.service = service
    self.clock = clock
  }

  /// The service's time, where it is known without asking (RSA4b1).
  var known: Date? {
    offset.withLock { offset in
      // Neither clock is read where nothing could come of it.
      guard case .known = offset else { return nil }
      return offset.time(wall: clock.now(), uptime: clock.uptime())
    }
  }

  /// This machine's time, corrected by the offset from the service's where that is known.
  ///
  /// - Parameter asking: whether to ask the service where it is not. It is asked once, and the offset kept
  ///   until somebody sets this machine's time of day; then it is asked again.
  func now(asking: Bool) async throws(ErrorInfo) -> Date {
    if let known { return known }
    guard asking || offset.withLock(\.isLost) else { return clock.now() }
    return try await query.value { [self] () async throws(ErrorInfo) -> Date in
      if let known { return known }
      let time = try await service.serverTime()
      let (wall, uptime) = (clock.now(), clock.uptime())
      offset.withLock { $0 = .known(seconds: time.timeIntervalSince(wall), wall: wall, uptime: uptime) }
      return time
    }
  }
}
