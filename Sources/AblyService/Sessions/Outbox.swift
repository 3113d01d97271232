internal import AblyTokens
internal import Synchronization

/// What waits to be sent on one socket: bounded, so that a client that does not read costs no more than that.
final class Outbox: Sendable {
  /// What the socket is to do next.
  enum Item: Sendable {
    case frame(OutgoingFrame)
    case ping
    /// Nothing comes after it. Without a code the socket just ends.
    case close(code: UInt16?)
  }

  private struct Waiting {
    var frames = 0
    var bytes = 0
    var isClosed = false
    var isMute = false
  }

  private let waiting = Locked(Waiting())
  private let items: AsyncStream<Item>
  private let queue: AsyncStream<Item>.Continuation
  private let cuts: AsyncStream<Never>
  private let cutter: AsyncStream<Never>.Continuation
  private let ends: AsyncStream<Never>
  private let ender: AsyncStream<Never>.Continuation
  private let maximumFrames: Int
  private let maximumBytes: Int

  init(_ settings: RealtimeSettings) {
    maximumFrames = settings.maximumQueuedFrames
    maximumBytes = settings.maximumQueuedBytes
    (items, queue) = AsyncStream.makeStream()
    (cuts, cutter) = AsyncStream.makeStream()
    (ends, ender) = AsyncStream.makeStream()
  }

  func push(_ item: Item) {
    let isTooMuch = waiting.withLock { waiting -> Bool in
      guard !waiting.isClosed else { return false }
      if case .frame(let frame) = item {
        waiting.frames += 1
        waiting.bytes += frame.weight
      }
      if case .close = item { waiting.isClosed = true }
      return waiting.frames > maximumFrames || waiting.bytes > maximumBytes
    }
    if isTooMuch { return cut() }
    queue.yield(item)
    if case .close = item {
      queue.finish()
      ender.finish()
    }
  }

  /// What is sent, in order. For one reader.
  func forEach(_ body: (Item) async throws -> Void) async rethrows {
    for await item in items {
      if case .frame(let frame) = item {
        waiting.withLock {
          $0.frames -= 1
          $0.bytes -= frame.weight
        }
      }
      try await body(item)
    }
  }

  /// No further frame is to arrive.
  func mute() { waiting.withLock { $0.isMute = true } }

  var isMute: Bool { waiting.withLock(\.isMute) }

  /// Gives the socket up without another word.
  func cut() {
    waiting.withLock { $0.isClosed = true }
    queue.finish()
    cutter.finish()
    ender.finish()
  }

  /// Returns when the last thing to send waits to be sent, or the task is cancelled.
  func waitForEnd() async {
    for await _ in ends {}
  }

  /// Returns when the socket is to be given up, or the task is cancelled.
  func waitForCut() async {
    for await _ in cuts {}
  }
}
