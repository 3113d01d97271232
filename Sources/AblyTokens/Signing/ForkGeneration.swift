internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Counts the forks between the first process and this one.
struct ForkGeneration {
  private static let counter = Atomic<Int>(0)

  private static let isWatching: Bool = {
    // Touched here so that no child has to initialise it.
    _ = counter.load(ordering: .relaxed)
    return pthread_atfork(nil, nil, { _ = counter.add(1, ordering: .relaxed) }) == 0
  }()

  // Asked once: a look at a lazy static costs a call each time.
  private let isWatching = Self.isWatching

  /// A number that differs between a process and its forked child.
  @inline(__always)
  var current: Int {
    // Without the handler the process id, which costs a system call, tells the same.
    isWatching ? Self.counter.load(ordering: .relaxed) : Int(getpid())
  }
}
