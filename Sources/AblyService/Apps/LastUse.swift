internal import Synchronization

/// When something was last used, in milliseconds since 1970.
final class LastUse: Sendable {
  private let milliseconds: Atomic<Int64>

  init(_ now: Int64) { milliseconds = Atomic(now) }

  var time: Int64 { milliseconds.load(ordering: .relaxed) }

  func note(_ now: Int64) { milliseconds.store(now, ordering: .relaxed) }
}
