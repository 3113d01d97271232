internal import NIOCore
internal import NIOPosix
internal import Testing

@testable internal import AblyService

@Suite("What sockets have to wait for")
struct ErrandsTests {
  @Test("it runs on the loop of its socket, before and after it waited, and in parallel with others")
  func loops() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let errands = Errands(group)
    let (seen, heard) = AsyncStream.makeStream(of: Bool.self)
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await errands.run() }
      let loops = Array(group.makeIterator())
      let (opened, open) = AsyncStream.makeStream(of: Void.self)
      for loop in loops {
        // The first of each loop waits for the second.
        errands.add(on: loop) {
          heard.yield(loop.inEventLoop)
          for await _ in opened.prefix(1) {}
          heard.yield(loop.inEventLoop)
        }
      }
      for loop in loops {
        errands.add(on: loop) {
          heard.yield(loop.inEventLoop)
          open.yield()
        }
      }
      for await isOnLoop in seen.prefix(3 * loops.count) { #expect(isOnLoop) }
      tasks.cancelAll()
    }
  }
}
