/// What the service waits by for what comes due, so that a test can move it.
package struct ServiceTimer: Sendable {
  /// The time since some fixed moment, which only goes forward.
  let uptime: @Sendable () -> Duration

  /// Waits until this uptime. Throws when the task is cancelled.
  let sleep: @Sendable (_ until: Duration) async throws -> Void

  package init(
    uptime: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (_ until: Duration) async throws -> Void
  ) {
    self.uptime = uptime
    self.sleep = sleep
  }

  /// The machine's own.
  static let system: ServiceTimer = {
    let start = ContinuousClock.now
    return ServiceTimer(
      uptime: { start.duration(to: .now) },
      sleep: { try await Task.sleep(until: start.advanced(by: $0), clock: .continuous) })
  }()
}
