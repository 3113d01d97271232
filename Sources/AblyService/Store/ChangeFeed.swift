internal import AblyTokens
internal import Synchronization

/// Tells those who hold live sessions what changed.
///
/// They are called after the node's memory has the change and before the request that made it is answered, so
/// that whoever asks the authenticator from there gets the new truth.
package final class ChangeFeed: Sendable {
  private let observers = Locked<[@Sendable (StoreChange) -> Void]>([])

  init() {}

  /// Calls `observer` with each change from now on. It must not wait.
  package func observe(_ observer: @escaping @Sendable (StoreChange) -> Void) {
    observers.withLock { $0.append(observer) }
  }

  func tell(_ change: StoreChange) {
    for observer in observers.withLock(\.self) { observer(change) }
  }
}
