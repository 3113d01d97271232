internal import Synchronization

/// Counts what comes, and wakes whoever waits for the last of it.
package final class Arrivals: Sendable {
  private let missing = Atomic(0)
  private let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)

  package init() {}

  /// Returns when so many have come since `send` was called. For one caller at a time.
  package func wait(for count: Int, after send: () -> Void) async {
    await withCheckedContinuation { continuation in
      waiting.withLock { $0 = continuation }
      missing.store(count, ordering: .sequentiallyConsistent)
      send()
    }
  }

  package func arrived() {
    guard missing.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 else { return }
    waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }?.resume()
  }
}
