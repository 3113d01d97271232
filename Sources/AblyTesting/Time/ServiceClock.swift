internal import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The time that a service in a test lives by: this machine's or a manual one, and what it is off by.
final class ServiceClock: Sendable {
  private let manual: ManualClock?
  private let skew = Locked(Duration.zero)

  init(_ manual: ManualClock?) {
    self.manual = manual
  }

  var now: Date {
    let (seconds, attoseconds) = skew.withLock(\.self).components
    return (manual?.now ?? Date()).addingTimeInterval(Double(seconds) + Double(attoseconds) * 1e-18)
  }

  func skew(by duration: Duration) {
    skew.withLock { $0 += duration }
  }
}
