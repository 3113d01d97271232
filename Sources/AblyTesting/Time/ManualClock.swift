package import AblyAuth
internal import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Clocks that go forward only when they are told to.
public final class ManualClock: Sendable {
  private struct Sleeper: Sendable {
    let end: Duration
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State: Sendable {
    var uptime = Duration.zero
    var sleepers: [Int: Sleeper] = [:]
    var lastId = 0
  }

  private let state = Locked(State())
  private let start: Date

  /// Clocks that stand at `start`.
  public init(_ start: Date = Date(timeIntervalSince1970: 1_700_000_000)) { self.start = start }

  /// How far it has gone.
  public var uptime: Duration { state.withLock(\.uptime) }

  /// How many wait for it.
  package var sleeperCount: Int { state.withLock(\.sleepers.count) }

  /// The clocks, for a client.
  package var hostClock: HostClock {
    HostClock(
      now: { [self] in
        let (seconds, attoseconds) = uptime.components
        return start.addingTimeInterval(Double(seconds) + Double(attoseconds) * 1e-18)
      },
      uptime: { [self] in uptime },
      sleep: { [self] in try await sleep(until: uptime + $0) },
      sleepUntil: { [self] in try await sleep(until: $0) })
  }

  /// Goes forward, and wakes whoever has slept long enough.
  public func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.uptime += duration
      let due = state.sleepers.filter { $0.value.end <= state.uptime }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.sorted { $0.end < $1.end }
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  private func sleep(until end: Duration) async throws {
    let id = state.withLock { state in
      state.lastId += 1
      return state.lastId
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.uptime >= end || Task.isCancelled { return true }
          state.sleepers[id] = Sleeper(end: end, continuation: continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
    }
    try Task.checkCancellation()
  }
}
