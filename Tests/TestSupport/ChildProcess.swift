internal import AblyTokens
package import Foundation
internal import Synchronization

/// A program that a test has started.
///
/// Foundation's `Process` looks for open descriptors by copying whole directory entries. Where more than some thirteen
/// hundred are open, as in the tests of many connections, it reads past the end of its buffer and may trap
/// (swift-corelibs-foundation, `findMaximumOpenFromProcSelfFD` in Swift 6.3).
package final class ChildProcess: Sendable {
  package struct NotStarted: Error {
    package let executable: String
    package let reason: String
  }

  package let processIdentifier: pid_t
  private let ended = Locked<Int32?>(nil)

  /// Starts it.
  package init(
    _ executable: URL, _ arguments: [String],
    environment: [String: String] = ProcessInfo.processInfo.environment,
    standardInput: ChildStream = .nowhere, standardOutput: ChildStream = .nowhere,
    standardError: ChildStream = .nowhere
  ) throws(NotStarted) {
    #if canImport(Darwin)
      var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
    #else
      var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }

    var handedOver: [FileHandle] = []
    for (target, stream) in zip(CInt(0)..., [standardInput, standardOutput, standardError]) {
      switch stream {
      case .pipe(let pipe):
        let handle = target == 0 ? pipe.fileHandleForReading : pipe.fileHandleForWriting
        posix_spawn_file_actions_adddup2(&actions, handle.fileDescriptor, target)
        handedOver.append(handle)
      case .nowhere: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
      case .inherited: posix_spawn_file_actions_adddup2(&actions, target, target)
      }
    }
    // A pipe does not end as long as any child holds its other end.
    #if canImport(Darwin)
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_CLOEXEC_DEFAULT))
    #else
      // The headers of glibc show it to _GNU_SOURCE alone.
      typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt
      guard let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
        throw NotStarted(executable: executable.path, reason: "the C library is older than glibc 2.34")
      }
      _ = unsafeBitCast(closeFrom, to: CloseFrom.self)(&actions, 3)
    #endif

    let path = executable.path
    var identifier: pid_t = 0
    let refusal = Self.withTexts([path] + arguments) { argv in
      Self.withTexts(environment.map { "\($0.key)=\($0.value)" }) { envp in
        posix_spawn(&identifier, path, &actions, &attributes, argv, envp)
      }
    }
    for handle in handedOver { try? handle.close() }
    guard refusal == 0 else { throw NotStarted(executable: path, reason: String(cString: strerror(refusal))) }
    processIdentifier = identifier
  }

  /// Gives `body` the texts as C takes them: an array that a null pointer ends.
  private static func withTexts<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }

  /// Sends a signal, unless it has been seen to end: another may have its id by then.
  package func signal(_ signal: CInt) {
    ended.withLock { if $0 == nil { kill(processIdentifier, signal) } }
  }

  /// SIGTERM, and its end.
  @discardableResult
  package func stop() async -> CInt {
    signal(SIGTERM)
    return await end()
  }

  /// Waits for its end, which comes at once in a task that is cancelled, and gives its exit code: 128 and the signal if that ended it, as in a shell.
  @discardableResult
  package func end() async -> CInt {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // In a thread of its own: Dispatch's threads run the tasks of the tests too.
        Thread.detachNewThread { continuation.resume(returning: self.waitUntilExit()) }
      }
    } onCancel: {
      signal(SIGKILL)
    }
  }

  /// As ``end()``, and blocks the thread.
  package func waitUntilExit() -> CInt {
    var about = siginfo_t()
    while waitid(P_PID, id_t(processIdentifier), &about, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    return ended.withLock { ended in
      if let ended { return ended }
      var status: CInt = 0
      while waitpid(processIdentifier, &status, 0) == -1, errno == EINTR {}
      let signal = status & 0x7F
      let exitCode = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
      ended = exitCode
      return exitCode
    }
  }
}

/// Where a stream of a child leads.
package enum ChildStream {
  case pipe(Pipe)
  case nowhere
  /// Where that of the tests leads.
  case inherited
}

extension Pipe {
  /// What comes first, without waiting in a thread of the tests.
  package func firstLine() async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var line = Data()
        while let byte = try? self.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8),
          !byte.isEmpty
        {
          line += byte
        }
        continuation.resume(returning: String(decoding: line, as: UTF8.self))
      }
    }
  }
}
