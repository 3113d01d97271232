internal import AblyTokens
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite("What comes on a channel, and its readers", .endsAtLast)
struct FanoutTests {
  private let fanout = Fanout<Int> { _ in 1 }

  private static func all(_ sequence: ChannelSequence<Int>) async throws -> [Int] {
    try await sequence.reduce(into: []) { $0.append($1) }
  }

  @Test("everybody has everything they want, in order, up to the end")
  func order() async throws {
    let (all, even) = (fanout.subscribe(limit: 10) { _ in true }, fanout.subscribe(limit: 10) { $0 % 2 == 0 })
    fanout.send([1, 2])
    fanout.send([3, 4, 5])
    fanout.finish()
    #expect(try await Self.all(all) == [1, 2, 3, 4, 5])
    #expect(try await Self.all(even) == [2, 4])
    #expect(try await Self.all(fanout.subscribe(limit: 10) { _ in true }) == [])
  }

  @Test("a reader who waits is given what comes", arguments: [1, 3])
  func waiting(count: Int) async throws {
    let sequence = fanout.subscribe(limit: 10) { _ in true }
    async let read = Array(sequence.prefix(count).reduce(into: []) { $0.append($1) })
    for number in 0..<count {
      await Task.yield()
      fanout.send([number])
    }
    #expect(try await read == Array(0..<count))
  }

  @Test("too much ends a sequence after what there is room for, once with an error, and no other sequence")
  func overflow() async throws {
    let (slow, patient) = (fanout.subscribe(limit: 2) { _ in true }, fanout.subscribe(limit: 3) { _ in true })
    fanout.send([1])
    fanout.send([2, 3])
    fanout.finish()
    var reader = slow.makeAsyncIterator()
    #expect(try await reader.next() == 1)
    #expect(try await reader.next() == 2)
    let error = await #expect(throws: ErrorInfo.self) { try await reader.next() }
    #expect(error?.code == .operationCanceled)
    #expect(try await reader.next() == nil)
    #expect(try await Self.all(patient) == [1, 2, 3])
  }

  @Test("more bytes than may wait end a sequence as more messages do; one alone always has room")
  func overflowOfBytes() async throws {
    let most = Unread<Int>.maximumBytes
    let fanout = Fanout<Int> { $0 }
    var slowReader = fanout.subscribe(limit: 10) { _ in true }.makeAsyncIterator()
    var promptReader = fanout.subscribe(limit: 10) { _ in true }.makeAsyncIterator()
    fanout.send([most + 1])
    #expect(try await promptReader.next() == most + 1)
    fanout.send([most - 1, 1])
    #expect(try await promptReader.next() == most - 1)
    fanout.send([most - 1])
    #expect(try await promptReader.next() == 1)
    #expect(try await promptReader.next() == most - 1)
    fanout.finish()
    #expect(try await promptReader.next() == nil)
    #expect(try await slowReader.next() == most + 1)
    let error = await #expect(throws: ErrorInfo.self) { try await slowReader.next() }
    #expect(error?.code == .operationCanceled && error?.message.contains("64 MiB") == true)
    #expect(try await slowReader.next() == nil)
  }

  @Test("a task that is cancelled has what waited for it, and then the end")
  func cancellation() async throws {
    let sequence = fanout.subscribe(limit: 10) { _ in true }
    fanout.send([1])
    let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      var reader = sequence.makeAsyncIterator()
      let first = try await reader.next()
      isReady.yield()
      return (first, try await reader.next())
    }
    for await _ in ready { break }
    task.cancel()
    let (first, second) = try await task.value
    #expect(first == 1)
    #expect(second == nil)
    fanout.send([2])
    #expect(try await Self.all(sequence) == [])
  }

  @Test("several tasks may read one sequence: each element comes to one of them")
  func together() async throws {
    let sequence = fanout.subscribe(limit: 1000) { _ in true }
    let read = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<8 { group.addTask { try await Self.all(sequence) } }
      for number in 0..<1000 { fanout.send([number]) }
      fanout.finish()
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(read.sorted() == Array(0..<1000))
  }

  @Test("what nobody can read any more is kept for nobody")
  func dropped() {
    final class Kept: Sendable {}
    let fanout = Fanout<Kept> { _ in 1 }
    weak var kept: Kept?
    do {
      let iterator = {
        let sequence = fanout.subscribe(limit: 10) { _ in true }
        let element = Kept()
        kept = element
        fanout.send([element])
        return sequence.makeAsyncIterator()
      }()
      withExtendedLifetime(iterator) { #expect(kept != nil) }
    }
    #expect(kept == nil)
  }
}
