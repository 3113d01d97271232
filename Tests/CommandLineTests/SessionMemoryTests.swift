// Where the system tells how much memory a process holds.
#if os(Linux)
  internal import Foundation
  internal import TestSupport
  internal import Testing

  @Suite("A session that goes on for long", .endsAtLast)
  struct SessionMemoryTests {
    @Test("a line that was answered leaves nothing behind")
    func answered() async throws {
      let (input, output) = (Pipe(), Pipe())
      let session = try Tool.start(
        ["session", "--no-auto-connect", "--key", Tool.key], input: .pipe(input), output: .pipe(output))
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
      #expect(await session.end() == 0)
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

    private static func residentPages(of process: ChildProcess) throws -> Int {
      let statm = try String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8)
      return try #require(Int(statm.split(separator: " ")[1]))
    }
  }
#endif
