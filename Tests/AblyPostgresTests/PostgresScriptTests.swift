#if Postgres
  internal import Foundation
  internal import TestSupport
  internal import Testing

  @Suite("Scripts/postgres", OwnPostgres.needed, .endsAtLast)
  struct PostgresScriptTests {
    @Test("a directory that it did not make is neither used nor removed, whatever lies in it")
    func foreign() async throws {
      let directory = FileManager.default.temporaryDirectory
        .appending(path: "ably-script-\(UInt32.random(in: 0 ... .max))")
      let file = directory.appending(path: "data/PG_VERSION")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: directory) }
      try Data("mine".utf8).write(to: file)
      for command in ["stop", "start", "stop"] {
        await #expect(throws: OwnPostgres.Failed.self) {
          try await OwnPostgres.run([command, directory.path], standardError: .nowhere)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == "mine")
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      #expect(names == ["data"])
    }

    @Test("what it made is removed as a whole, and where there is nothing there is nothing to do")
    func own() async throws {
      let directory = try await OwnPostgres.use { postgres in
        #expect(FileManager.default.fileExists(atPath: "\(postgres.directory)/data/PG_VERSION"))
        return postgres.directory
      }
      #expect(!FileManager.default.fileExists(atPath: directory))
      try await OwnPostgres.run(["stop", directory])
    }
  }
#endif
