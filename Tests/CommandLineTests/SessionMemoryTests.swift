// Where the system tells how much memory a process holds.
#if os(Linux)
  internal import Foundation
  internal import Testing

  @Suite("A session that goes on for long")
  struct SessionMemoryTests {
    @Test("a line that was answered leaves nothing behind")
    func answered() async throws {
      let session = Tool.process(["session", "--no-auto-connect", "--key", Tool.key])
      let (input, output) = (Pipe(), Pipe())
      session.standardInput = input
      session.standardOutput = output
      try session.run()
      let growth = try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
          continuation.resume(
            with: Result {
              try Self.answer(rounds: 4, input, output)
              let before = try Self.residentPages(of: session)
              try Self.answer(rounds: 20, input, output)
              return try Self.residentPages(of: session) - before
            })
        }
      }
      try input.fileHandleForWriting.close()
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          _ = try? output.fileHandleForReading.readToEnd()
          session.waitUntilExit()
          continuation.resume()
        }
      }
      #expect(session.terminationStatus == 0)
      // 20 000 lines: what each leaves behind would be some hundred bytes at the least.
      #expect(growth * sysconf(Int32(_SC_PAGESIZE)) < 3 << 20)
    }

    /// A thousand lines fit into a pipe; the next come when these are answered.
    private static func answer(rounds: Int, _ input: Pipe, _ output: Pipe) throws {
      let lines = Data(String(repeating: #"{"do":"state"}"# + "\n", count: 1000).utf8)
      for _ in 0..<rounds {
        try input.fileHandleForWriting.write(contentsOf: lines)
        var answers = 0
        while answers < 1000 {
          let part = output.fileHandleForReading.availableData
          guard !part.isEmpty else { throw POSIXError(.EPIPE) }
          answers += part.count { $0 == UInt8(ascii: "\n") }
        }
      }
    }

    private static func residentPages(of process: Process) throws -> Int {
      let statm = try String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8)
      return try #require(Int(statm.split(separator: " ")[1]))
    }
  }
#endif
