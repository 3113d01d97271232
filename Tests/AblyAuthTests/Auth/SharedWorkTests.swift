internal import AblyTokens
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import AblyAuth

@Suite("Shared work", .endsAtLast)
struct SharedWorkTests {
  let work = SharedWork<Int>()
  let gate = Gate()
  let runs = Mutexed(0)

  @Sendable
  func run() async throws(ErrorInfo) -> Int {
    try await work.value { [runs, gate] () async throws(ErrorInfo) -> Int in
      let run = runs.withLock { runs in
        runs += 1
        return runs
      }
      await gate.pass()
      if Task.isCancelled { throw .cancelled }
      return run
    }
  }

  /// Starts a caller and waits until it waits for others.
  func follower() async throws -> Task<Result<Int, ErrorInfo>, Never> {
    let before = work.waitingCount
    let task = Task { await outcome() }
    try await until(work.waitingCount != before)
    return task
  }

  @Sendable
  func outcome() async -> Result<Int, ErrorInfo> {
    do throws(ErrorInfo) { return .success(try await run()) } catch { return .failure(error) }
  }

  @Test("everybody gets the one result")
  func shared() async throws {
    let leader = Task { await outcome() }
    await gate.arrivals(1)
    let followers = [try await follower(), try await follower(), try await follower()]
    gate.open()
    #expect(await leader.value == .success(1))
    for follower in followers { #expect(await follower.value == .success(1)) }
    #expect(await outcome() == .success(2), "later callers get work of their own")
  }

  @Test("everybody gets the one error, and the next caller tries again")
  func sharedError() async throws {
    let work = SharedWork<Int>()
    let failure = ErrorInfo(.timeout, "late")
    @Sendable func call() async -> Result<Int, ErrorInfo> {
      do throws(ErrorInfo) {
        return .success(
          try await work.value { [gate] () async throws(ErrorInfo) -> Int in
            await gate.pass()
            throw failure
          })
      } catch {
        return .failure(error)
      }
    }
    let leader = Task { await call() }
    await gate.arrivals(1)
    let follower = Task { await call() }
    try await until(work.waitingCount >= 2)
    gate.open()
    #expect(await leader.value == .failure(failure))
    #expect(await follower.value == .failure(failure))
    #expect(await call() == .failure(failure))
  }

  @Test("a caller that is cancelled ends at once, with 40033, and disturbs nobody, the first one included")
  func cancelled() async throws {
    let first = Task { await outcome() }
    await gate.arrivals(1)
    let second = try await follower()
    let third = try await follower()
    for caller in [first, second] {
      caller.cancel()
      #expect(await caller.value == .failure(.cancelled))
    }
    gate.open()
    #expect(await third.value == .success(1))
    #expect(runs.withLock { $0 } == 1)
  }

  @Test("when nobody waits any more, the run is cancelled, and the next caller begins another")
  func abandoned() async throws {
    let first = Task { await outcome() }
    await gate.arrivals(1)
    let second = try await follower()
    first.cancel()
    second.cancel()
    #expect(await first.value == .failure(.cancelled))
    #expect(await second.value == .failure(.cancelled))
    await gate.departures(1)
    let third = Task { await outcome() }
    await gate.arrivals(2)
    gate.open()
    #expect(await third.value == .success(2))
  }

  @Test("a run that is ended from outside gives all who wait what it is ended with, and is cancelled")
  func ended() async throws {
    let first = Task { await outcome() }
    await gate.arrivals(1)
    let second = try await follower()
    work.end(with: 99)
    #expect(await first.value == .success(99))
    #expect(await second.value == .success(99))
    await gate.departures(1)
    gate.open()
    #expect(await outcome() == .success(2))
  }

  @Test("a caller that is cancelled before it calls does not start the work")
  func cancelledBefore() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await outcome()
    }
    #expect(await task.value == .failure(.cancelled))
    #expect(runs.withLock { $0 } == 0)
  }

  @Test("with thousands of callers, half of them cancelled, each one ends exactly once")
  func storm() async {
    let callers = (0..<2000).map { _ in Task { await outcome() } }
    for index in callers.indices where index % 2 == 1 { callers[index].cancel() }
    gate.open()
    for (index, caller) in callers.enumerated() {
      switch await caller.value {
      case .success: break
      case .failure(let error):
        #expect(error == .cancelled)
        #expect(index % 2 == 1)
      }
    }
    #expect(work.waitingCount == 0)
  }
}
