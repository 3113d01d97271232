internal import AblyTokens
internal import Synchronization

/// How many lines have no answer yet.
final class Unanswered: Sendable {
  private let count = Locked(0)
  private let answers: AsyncStream<Void>
  private let answered: AsyncStream<Void>.Continuation

  init() { (answers, answered) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// A line is about to be answered.
  func begin() { count.withLock { $0 += 1 } }

  /// A line was answered.
  func end() {
    count.withLock { $0 -= 1 }
    answered.yield()
  }

  /// Returns when all are answered, or so much time is over. For one caller, once.
  func waitUntilNone(atMost timeout: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        var answers = self.answers.makeAsyncIterator()
        while self.count.withLock({ $0 > 0 }), await answers.next() != nil {}
      }
      group.addTask { try? await Task.sleep(for: timeout) }
      await group.next()
      group.cancelAll()
    }
  }
}
