internal import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A clock that stands still until it is told otherwise.
final class ManualClock: Sendable {
  private let time: Locked<Int64>

  /// Milliseconds since 1970.
  init(_ milliseconds: Int64) {
    time = Locked(milliseconds)
  }

  var milliseconds: Int64 {
    get { time.withLock { $0 } }
    set { time.withLock { $0 = newValue } }
  }

  var date: Date { Milliseconds.date(milliseconds) }

  func advance(by milliseconds: Int64) {
    time.withLock { $0 += milliseconds }
  }
}
