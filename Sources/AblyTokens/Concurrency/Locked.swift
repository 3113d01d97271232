#if THREAD_SANITIZER
  #if canImport(Darwin)
    internal import Darwin
  #elseif canImport(Glibc)
    internal import Glibc
  #elseif canImport(Musl)
    internal import Musl
  #endif

  /// A value behind a lock of pthread's, for runs under the thread sanitizer.
  ///
  /// A `Mutex` that several want at once is handed on by the kernel, out of the sanitizer's sight, which then
  /// takes each such hand-over for a race. `Scripts/sanitize` defines the condition; nothing that is shipped
  /// does.
  package final class Locked<Value: ~Copyable>: @unchecked Sendable {
    private var value: Value
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    package init(_ value: consuming sending Value) {
      self.value = value
      pthread_mutex_init(lock, nil)
    }

    deinit {
      pthread_mutex_destroy(lock)
      lock.deallocate()
    }

    package func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&value)
    }
  }

  extension Locked: CustomReflectable where Value: ~Copyable {
    // A value that cannot be copied cannot be shown, and `dump` would try.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
  }
#else
  package import Synchronization

  /// A value behind a lock.
  package typealias Locked<Value> = Mutex<Value> where Value: ~Copyable
#endif
