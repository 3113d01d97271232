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
  /// What ``offset`` is, for those who only look.
  private let shown = ManyReaders { ServerOffset.unknown }
  private let query = SharedWork<Date>()

  init(service: any TokenService, clock: HostClock) {
    self.service = service
    self.clock = clock
  }

  /// The service's time, where it is known without asking (RSA4b1).
  var known: Date? {
    // Neither clock is read where nothing could come of it.
    while case .known(let seconds, let wall, let uptime) = shown.value {
      let now = (wall: clock.now(), uptime: clock.uptime())
      if ServerOffset.isSteady(since: (wall, uptime), now) { return now.wall + seconds }
      offset.withLock { offset in
        // Unless the service was asked again meanwhile.
        if case .known(_, _, uptime) = offset { set(.lost, &offset) }
      }
    }
    return nil
  }

  private func set(_ new: ServerOffset, _ offset: inout ServerOffset) {
    offset = new
    shown.set { new }
  }

  /// This machine's time, corrected by the offset from the service's where that is known.
  ///
  /// - Parameter asking: whether to ask the service where it is not. It is asked once, and the offset kept
  ///   until somebody sets this machine's time of day; then it is asked again.
  func now(asking: Bool) async throws(ErrorInfo) -> Date {
    if let known { return known }
    guard asking || shown.value.isLost else { return clock.now() }
    return try await query.value { [self] () async throws(ErrorInfo) -> Date in
      if let known { return known }
      let time = try await service.serverTime()
      let (wall, uptime) = (clock.now(), clock.uptime())
      offset.withLock {
        set(.known(seconds: time.timeIntervalSince(wall), wall: wall, uptime: uptime), &$0)
      }
      return time
    }
  }
}
