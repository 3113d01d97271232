internal import AblyTokens
internal import Logging
internal import ServiceLifecycle
internal import Testing

@testable internal import AblyService

@Suite struct ShutdownTests {
  private struct Failure: Error, Equatable {}

  @Test("withAblyServer gives the result and takes the server away", arguments: [true, false])
  func scope(throwing: Bool) async throws {
    let core = try Desk().core
    var used: BoundAddress?
    do {
      let result = try await withAblyServer(core: core) { address in
        used = address
        if throwing { throw Failure() }
        return 7
      }
      #expect(result == 7 && !throwing)
    } catch is Failure {
      #expect(throwing)
    }
    let address = try #require(used)
    #expect(address.port > 0)
    await #expect(throws: (any Error).self) { try await RawConnection.open(address) { _ in } }
  }

  @Test("a cancelled withAblyServer ends")
  func cancelled() async throws {
    let core = try Desk().core
    let (addresses, announced) = AsyncStream.makeStream(of: BoundAddress.self)
    let task = Task {
      try await withAblyServer(core: core) { address in
        announced.yield(address)
        var never = AsyncStream<Void> { _ in }.makeAsyncIterator()
        await never.next()
        try Task.checkCancellation()
      }
    }
    let address = try #require(await addresses.first { _ in true })
    task.cancel()
    await #expect(throws: (any Error).self) { try await task.value }
    await #expect(throws: (any Error).self) { try await RawConnection.open(address) { _ in } }
  }

  @Test("graceful shutdown lets a request that has begun finish, and takes no other")
  func graceful() async throws {
    let (addresses, announced) = AsyncStream.makeStream(of: BoundAddress.self)
    let server = try AblyServer(
      core: Desk().core, configuration: ServerConfiguration(port: 0), logger: .silent
    ) { announced.yield($0) }
    let group = ServiceGroup(services: [server], logger: .silent)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let address = try #require(await addresses.first { _ in true })
      try await RawConnection.open(address) { idle in
        try await RawConnection.open(address) { busy in
          // The answer to the first request shows that the beginning of the second has arrived with it.
          try await busy.send(
            "GET /time HTTP/1.1\r\nHost: h\r\n\r\n"
              + "POST /time HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na"
          )
          #expect(try await busy.answer().hasPrefix("HTTP/1.1 200"))
          await group.triggerGracefulShutdown()
          #expect(try await idle.rest() == "")
          try await busy.send("b")
          #expect(try await busy.rest().hasPrefix("HTTP/1.1 405"))
        }
      }
      try await tasks.waitForAll()
      await #expect(throws: (any Error).self) { try await RawConnection.open(address) { _ in } }
    }
  }

  @Test("a port that is taken is told in one error")
  func taken() async throws {
    let core = try Desk().core
    try await withAblyServer(core: core) { address in
      let second = try AblyServer(
        core: core, configuration: ServerConfiguration(port: address.port), logger: .silent)
      let error = await #expect(throws: ErrorInfo.self) { try await second.run() }
      #expect(error?.message.contains(String(address.port)) == true)
    }
  }
}

extension Logger {
  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
