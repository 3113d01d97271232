internal import NIOCore
internal import NIOPosix

/// What has to be waited for on behalf of sockets, which have no tasks of their own.
///
/// It runs on the event loop of its socket: to go to another thread and back costs more than most of it does.
final class Errands: Sendable {
  private typealias Errand = @Sendable () async -> Void

  private struct Queue: Sendable {
    let executor: LoopExecutor
    let errands: AsyncStream<Errand>
    let continuation: AsyncStream<Errand>.Continuation

    init(_ loop: any EventLoop) {
      executor = LoopExecutor(loop)
      (errands, continuation) = AsyncStream.makeStream()
    }
  }

  private let queues: [ObjectIdentifier: Queue]

  /// For the sockets of a group.
  init(_ group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
    let loops = group.makeIterator().map { (ObjectIdentifier($0), Queue($0)) }
    queues = Dictionary(loops) { first, _ in first }
  }

  /// Runs it, beside the others, for a socket of this loop; that of another group is served by one of these.
  func add(on loop: any EventLoop, _ errand: @escaping @Sendable () async -> Void) {
    let queue = queues[ObjectIdentifier(loop)] ?? queues.first?.value
    queue?.continuation.yield(errand)
  }

  /// Runs what is given to it until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { tasks in
      for queue in queues.values {
        tasks.addTask(executorPreference: queue.executor) {
          await withDiscardingTaskGroup { tasks in
            for await errand in queue.errands { tasks.addTask { await errand() } }
            tasks.cancelAll()
          }
        }
      }
    }
  }
}

/// Runs tasks on an event loop.
private final class LoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
