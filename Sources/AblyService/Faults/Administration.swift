internal import AblyTokens
internal import Synchronization

/// What whoever tests a client may look into and change: faults, the clock, and what has happened.
///
/// It is off, and keeps nothing, until it is asked for.
final class Administration: Sendable {
  private struct State {
    var isEnabled = false
    var faults = FaultBoard()
    var events = Ring(capacity: 2000)
    var tokens = Ring(capacity: 500)
  }

  private let state = Locked(State())

  // Under a lock of its own: what is noted under the other one has the time in it.
  private let offset = Locked<Int64>(0)

  var isEnabled: Bool { state.withLock(\.isEnabled) }

  /// Whether each frame is looked at on its own: it is noted, or may be met by a fault rule.
  var isWatching: Bool { state.withLock { $0.isEnabled || !$0.faults.isEmpty } }

  func enable() { state.withLock { $0.isEnabled = true } }

  /// By how much the service's clock is wrong on purpose, in milliseconds.
  var skew: Int64 {
    get { offset.withLock(\.self) }
    set { offset.withLock { $0 = newValue } }
  }

  func addSkew(_ milliseconds: Int64, atMost longest: Int64) {
    offset.withLock { offset in
      let (sum, overflow) = offset.addingReportingOverflow(milliseconds)
      offset = overflow ? (milliseconds < 0 ? -longest : longest) : min(max(sum, -longest), longest)
    }
  }

  func withFaults<Result: Sendable>(_ body: (inout FaultBoard) -> Result) -> Result {
    state.withLock { body(&$0.faults) }
  }

  /// What is to happen; `nil` for nothing.
  func action(for event: @autoclosure () -> FaultEvent) -> FaultRule.Action? {
    state.withLock { $0.faults.isEmpty ? nil : $0.faults.action(for: event()) }
  }

  /// Notes what happened. It holds no credentials.
  func note(_ event: @autoclosure () -> JSONValue) {
    state.withLock { if $0.isEnabled { $0.events.append(event()) } }
  }

  /// Notes a token that was issued or refused, without the token.
  func noteToken(_ event: @autoclosure () -> JSONValue) {
    state.withLock { if $0.isEnabled { $0.tokens.append(event()) } }
  }

  var events: [JSONValue] { state.withLock(\.events.items) }

  var tokens: [JSONValue] { state.withLock(\.tokens.items) }
}
