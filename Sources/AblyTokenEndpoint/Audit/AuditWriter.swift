internal import AblyTokens
public import Foundation
public import ServiceLifecycle
internal import Synchronization

/// Writes each decision to a file as a line of JSON, away from the threads that serve.
///
/// A line is written as soon as the one before it is; what comes in the meantime goes into one write. What a
/// reader that stands still leaves no room for is counted and told, not kept.
public final class AuditWriter: AuditSink, Service {
  private struct Buffer {
    var bytes: [UInt8] = []
    var lost = 0
    var isAwake = false
  }

  private static let maximumBytes = 4 << 20

  private let buffer = Locked(Buffer())
  private let file: FileHandle
  private let wakeUps: AsyncStream<Void>
  private let wakeUp: AsyncStream<Void>.Continuation

  /// - Parameter file: where lines go, such as `.standardError`.
  public init(_ file: FileHandle) {
    self.file = file
    (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Takes a record; it is written elsewhere.
  public func record(_ record: AuditRecord) {
    let wakes = buffer.withLock { buffer in
      guard buffer.bytes.count < Self.maximumBytes else {
        buffer.lost += 1
        return false
      }
      record.appendLine(to: &buffer.bytes)
      defer { buffer.isAwake = true }
      return !buffer.isAwake
    }
    if wakes { wakeUp.yield() }
  }

  /// Writes until it is shut down or cancelled, and then what is left.
  public func run() async throws {
    await withGracefulShutdownHandler {
      for await _ in wakeUps { write() }
    } onGracefulShutdown: { [wakeUp] in
      wakeUp.finish()
    }
    write()
  }

  /// Writes what there is.
  public func write() {
    while true {
      let (bytes, lost) = buffer.withLock { buffer in
        defer {
          buffer.lost = 0
          if buffer.bytes.isEmpty { buffer.isAwake = false }
          buffer.bytes = []
        }
        return (buffer.bytes, buffer.lost)
      }
      if bytes.isEmpty { return }
      try? file.write(contentsOf: Data(bytes))
      if lost > 0 {
        try? file.write(contentsOf: Data("{\"event\":\"decisions-lost\",\"count\":\(lost)}\n".utf8))
      }
    }
  }
}
