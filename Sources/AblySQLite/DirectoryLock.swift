internal import AblyTokens
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Keeps a second process away from a folder. The system takes it back when the process ends, however it does.
final class DirectoryLock: Sendable {
  private let descriptor: Locked<Int32>

  /// - Throws: 40000 when another process has it.
  init(_ directory: DataDirectory) throws(ErrorInfo) {
    let path = directory.path(of: "lock")
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw directory.unusable("\(path) cannot be opened: \(systemError())") }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      Self.closeFile(opened)
      throw ErrorInfo(
        .badRequest, "another process uses the data directory \(directory.path)",
        remedy: "Stop the other one, or give this one a directory of its own.")
    }
    descriptor = Locked(opened)
  }

  deinit { release() }

  func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 {
        // A process that is just being started may have a copy of the descriptor until it runs its program.
        _ = flock(descriptor, LOCK_UN)
        Self.closeFile(descriptor)
      }
      descriptor = -1
    }
  }

  private static func closeFile(_ descriptor: Int32) { _ = close(descriptor) }
}

/// What the system says of the call that just failed.
func systemError() -> String { String(cString: strerror(errno)) }
