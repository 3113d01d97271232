internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite("ably-auth local --data-dir", .endsAtLast)
struct DataDirectoryTests {
  @Test("the key that was made is kept and printed again")
  func madeKey() async throws {
    try await withDirectory { directory in
      let first = try await ServiceProcess.start(["--data-dir", directory])
      let key = try #require(first.ready["keys"]?.array?.first?.string)
      #expect(await first.stop() == 0)
      let second = try await ServiceProcess.start(["--data-dir", directory])
      #expect(second.ready["keys"] == [.string(key)])
      let answer = try await second.exchange(
        TokenRequestSigner(key: APIKey(key)).sign(TokenParams(), at: Date()))
      #expect(answer.status == 201)
      #expect(await second.stop() == 0)
    }
  }

  @Test("keys that are given join those that are stored, and replace those of their names")
  func merged() async throws {
    try await withDirectory { directory in
      let first = try await ServiceProcess.start([
        "--data-dir", directory, "--key", "a.b:1", "--key", "a.c:1",
      ])
      #expect(first.ready["keys"] == [])
      #expect(await first.stop() == 0)
      let second = try await ServiceProcess.start([
        "--data-dir", directory, "--key", "a.b:2={\"x\":[\"publish\"]}",
      ])
      #expect(second.ready["keys"] == [])
      for (key, status) in [("a.b:1", 401), ("a.b:2", 201), ("a.c:1", 201)] {
        let answer = try await second.exchange(
          TokenRequestSigner(key: APIKey(key)).sign(TokenParams(), at: Date()))
        #expect(answer.status == status, "\(key)")
        if key == "a.b:2" { #expect(answer.body?["capability"] == #"{"x":["publish"]}"#) }
      }
      #expect(await second.stop() == 0)
    }
  }

  @Test("a stored key is forgotten for good where that is wanted; one that is given too is wrong usage")
  func removed() async throws {
    try await withDirectory { directory in
      let first = try await ServiceProcess.start([
        "--data-dir", directory, "--key", "a.b:1", "--key", "a.c:1",
      ])
      #expect(await first.stop() == 0)
      for arguments in [["--remove-key", "a.b", "--remove-key", "a.nobody"], []] {
        let service = try await ServiceProcess.start(["--data-dir", directory] + arguments)
        for (key, status) in [("a.b:1", 401), ("a.c:1", 201)] {
          let answer = try await service.exchange(
            TokenRequestSigner(key: APIKey(key)).sign(TokenParams(), at: Date()))
          #expect(answer.status == status, "\(key)")
        }
        #expect(await service.stop() == 0)
      }
      let unknown = try await startedAndStopped([
        "--data-dir", directory, "--remove-key", "a.c", "--remove-key", "a.nobody",
      ])
      #expect(unknown.contains("warning: --remove-key a.nobody has removed nothing"), "\(unknown)")
      #expect(!unknown.contains("--remove-key a.c has"))
      let both = try await Tool.run("local", "--port", "0", "--key", "a.b:1", "--remove-key", "a.b")
      #expect(both.exitCode == 2)
    }
  }

  @Test("a stored key whose tokens could be revoked does not cease to be one without a word")
  func revocable() async throws {
    try await withDirectory { directory in
      let warning = "warning: tokens of the stored key a.b could be revoked, and cannot be any more"
      for (arguments, isWarned) in [
        (["--revocable-key", "a.b:1"], false), (["--revocable-key", "a.b:2"], false),
        (["--key", "a.c:1"], false),
        (["--key", "a.b:3"], true), (["--key", "a.b:3"], false),
      ] {
        let said = try await startedAndStopped(["--data-dir", directory] + arguments)
        #expect(said.contains(warning) == isWarned, "\(arguments): \(said)")
        #expect(said.contains("give it with --revocable-key") == isWarned)
      }
    }
  }

  /// What a service says until it is ready.
  private func startedAndStopped(_ arguments: [String]) async throws -> String {
    let (output, talk) = (Pipe(), Pipe())
    let process = try Tool.start(
      ["local", "--port", "0", "--json"] + arguments, output: .pipe(output), talk: .pipe(talk))
    _ = await output.firstLine()
    #expect(await process.stop() == 0)
    return String(decoding: try talk.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  @Test("a directory that is in use, and one that cannot be used, end it with 1 and say what to do")
  func refused() async throws {
    try await withDirectory { directory in
      let first = try await ServiceProcess.start(["--data-dir", directory])
      let second = try await Tool.run("local", "--port", "0", "--data-dir", directory)
      #expect(second.exitCode == 1)
      #expect(second.talk.contains("another process uses"))
      #expect(second.talk.contains("remedy: Stop the other one"))
      #expect(await first.stop() == 0)
      let damaged = "\(directory)/ably.sqlite"
      try Data("nonsense".utf8).write(to: URL(filePath: damaged))
      let third = try await Tool.run("local", "--port", "0", "--data-dir", directory)
      #expect(third.exitCode == 1)
      #expect(third.talk.contains("is not an SQLite database"))
    }
  }
}

#if !Postgres
  @Suite("ably-auth local --postgres", .endsAtLast)
  struct PostgresFlagTests {
    @Test("a build without PostgreSQL ends with 2 and says how to get it")
    func absent() async throws {
      let outcome = try await Tool.run("local", "--port", "0", "--postgres", "host=/nowhere")
      #expect(outcome.exitCode == 2)
      #expect(outcome.talk.contains("remedy: Install libpq-dev and build with"))
    }
  }
#endif
