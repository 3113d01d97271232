internal import AblyTokens
public import Foundation
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
internal import Synchronization

/// Writes each decision to a file as a line of JSON, away from the threads that serve.
///
/// What is decided within a few milliseconds goes into one write: a thread that is woken for each line takes more of
/// a busy machine than the decision. What a reader that stands still leaves no room for, or cannot be written, is
/// counted and told, not kept. Refusals, which anybody can cause, take half of the room at most.
public final class AuditWriter: AuditSink, Service {
  private struct Buffer {
    var bytes: [UInt8] = []
    var lost = 0
    /// Whether lines are written as they come.
    var isRunning = false
    /// Whether somebody writes, or is about to.
    var isAwake = false

    /// Whether somebody has to be woken to write.
    mutating func wakes() -> Bool {
      guard isRunning, !isAwake, !bytes.isEmpty else { return false }
      isAwake = true
      return true
    }
  }

  /// How long lines are gathered before they are written.
  private static let gathering: TimeAmount = .milliseconds(5)

  private let buffer = Locked(Buffer())
  private let file: Locked<FileHandle>
  private let maximumBytes: Int
  private let patience: Duration

  /// - Parameter file: where lines go, such as `.standardError`.
  public convenience init(_ file: FileHandle) {
    self.init(file, maximumBytes: 4 << 20, patience: .seconds(5))
  }

  /// - Parameter patience: how long a reader that stands still is waited for at the end.
  init(_ file: FileHandle, maximumBytes: Int, patience: Duration) {
    self.file = Locked(file)
    self.maximumBytes = maximumBytes
    self.patience = patience
  }

  /// How many decisions could not be written since that was told last.
  var lostCount: Int { buffer.withLock { $0.lost } }

  /// Takes a record; it is written elsewhere.
  public func record(_ record: AuditRecord) {
    let room =
      switch record.outcome {
      case .granted: maximumBytes
      case .refused: maximumBytes / 2
      }
    let wakes = buffer.withLock { buffer in
      guard buffer.bytes.count < room else {
        buffer.lost += 1
        return false
      }
      record.appendLine(to: &buffer.bytes)
      return buffer.wakes()
    }
    if wakes { wakeSoon() }
  }

  /// Writes until it is shut down or cancelled, and then what is left, as far as somebody reads it.
  public func run() async throws {
    let wakes = buffer.withLock { buffer in
      buffer.isRunning = true
      return buffer.wakes()
    }
    if wakes { wakeSoon() }
    try? await gracefulShutdown()
    buffer.withLock { $0.isRunning = false }
    let (over, done) = AsyncStream.makeStream(of: Void.self)
    wake { done.finish() }
    // In a task of its own: who is cancelled has lines left too.
    await Task { [patience] in
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { for await _ in over {} }
        tasks.addTask { try? await Task.sleep(for: patience) }
        await tasks.next()
        tasks.cancelAll()
      }
    }.value
  }

  /// Writes what there is. It may block.
  public func write() {
    file.withLock { file in
      while let (bytes, lost) = take() {
        do {
          try file.write(contentsOf: Data(bytes))
          guard lost > 0 else { continue }
          try file.write(contentsOf: Data("{\"event\":\"decisions-lost\",\"count\":\(lost)}\n".utf8))
        } catch {
          let lines = bytes.count(where: { $0 == UInt8(ascii: "\n") })
          buffer.withLock { $0.lost += lost + lines }
        }
      }
    }
  }

  private func take() -> (bytes: [UInt8], lost: Int)? {
    buffer.withLock { buffer in
      guard !buffer.bytes.isEmpty else {
        buffer.isAwake = false
        return nil
      }
      defer {
        buffer.bytes = []
        buffer.lost = 0
      }
      return (buffer.bytes, buffer.lost)
    }
  }

  private func wakeSoon() {
    // On the event loop that answers, if that is where the decision was made: it need not be woken for this.
    MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: Self.gathering) { self.wake {} }
  }

  // A write to a pipe that nobody reads blocks: not a thread on which anything else goes on.
  private func wake(_ done: @escaping @Sendable () -> Void) {
    NIOThreadPool.singleton.submit { _ in
      self.write()
      done()
    }
  }
}
