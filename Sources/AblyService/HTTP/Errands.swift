/// What has to be waited for on behalf of sockets, which have no tasks of their own.
final class Errands: Sendable {
  private let errands: AsyncStream<@Sendable () async -> Void>
  private let queue: AsyncStream<@Sendable () async -> Void>.Continuation

  init() { (errands, queue) = AsyncStream.makeStream() }

  /// Runs it, beside the others.
  func add(_ errand: @escaping @Sendable () async -> Void) { queue.yield(errand) }

  /// Runs what is given to it until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { tasks in
      for await errand in errands { tasks.addTask { await errand() } }
      tasks.cancelAll()
    }
  }
}
