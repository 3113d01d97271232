internal import AblyTokens
internal import Synchronization

/// A value that many read at once and few change.
///
/// Each thread reads a copy that it hardly shares with another, so that readers on several processors wait neither
/// for a lock nor for one count of references. Changing it costs as many times more as there are copies. Those who
/// change it must take turns.
final class ManyReaders<Value: Sendable>: Sendable {
  private let copies: [Copy]

  private final class Copy: Sendable {
    let value: Locked<Value>
    // Two copies in one line of a processor's cache would be shared after all.
    private let distance = SIMD64<UInt8>.zero

    init(_ value: Value) { self.value = Locked(value) }
  }

  /// - Parameters:
  ///   - count: how many copies, a power of two.
  ///   - make: makes each copy: texts and arrays in it are to have memory of their own.
  init(count: Int = 16, _ make: () -> Value) {
    precondition(count.nonzeroBitCount == 1, "the copy is found by a mask")
    copies = (0..<count).map { _ in Copy(make()) }
  }

  /// This thread's copy.
  var value: Value { copies[CurrentThread.number & (copies.count - 1)].value.withLock(\.self) }

  /// All copies, for tests.
  var all: [Value] { copies.map { $0.value.withLock(\.self) } }

  /// Changes all copies. Whoever asks afterwards has the new value, on whatever thread.
  func set(_ make: () -> Value) {
    for copy in copies {
      let value = make()
      copy.value.withLock { $0 = value }
    }
  }
}
