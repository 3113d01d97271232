#if Postgres
  internal import AblyTokens
  internal import Foundation
  internal import Synchronization
  internal import TestSupport
  internal import Testing

  /// A PostgreSQL that a test starts for itself.
  final class OwnPostgres: Sendable {
    let url: String
    let directory: String
    private let schemas = Locked(0)

    struct Failed: Error { let exitCode: Int32 }

    /// Tests are left out where it is not there.
    static let needed = ConditionTrait.enabled(
      if: isInstalled, "PostgreSQL is not installed; run: apt-get install postgresql")

    /// Tests that take long are left to `make cluster-test`.
    static let long = ConditionTrait.enabled(
      if: ProcessInfo.processInfo.environment["ABLY_LONG_TESTS"] != nil, "takes long; run: make cluster-test")

    private static let isInstalled: Bool = {
      (try? ChildProcess(script, ["find"]).waitUntilExit()) == 0
    }()

    /// Starts one, hands it to `body`, and stops it whatever happens.
    ///
    /// - Parameter tls: a port of 127.0.0.1 at which it listens besides, and the files of its certificate and key.
    static func use<Result>(
      tls: (port: Int, certificate: String, key: String)? = nil, _ body: (OwnPostgres) async throws -> Result
    ) async throws -> Result {
      // Short: the path of a socket has at most 107 bytes.
      let directory = "/tmp/ably-pg-\(UInt32.random(in: 0 ... .max))"
      do {
        try await run(["start", directory] + (tls.map { ["\($0.port)", $0.certificate, $0.key] } ?? []))
      } catch {
        try? await run(["stop", directory])
        throw error
      }
      let postgres = OwnPostgres(directory)
      do {
        let result = try await body(postgres)
        try await run(["stop", directory])
        return result
      } catch {
        try? await run(["stop", directory])
        throw error
      }
    }

    private init(_ directory: String) {
      self.directory = directory
      url = "host=\(directory) user=ably dbname=postgres"
    }

    /// The name of a schema that nobody has used.
    func freshSchema() -> String {
      schemas.withLock {
        $0 += 1
        return "test_\($0)"
      }
    }

    /// Ends the server as if its machine had lost its power.
    func down() async throws { try await Self.run(["down", directory]) }

    func up() async throws { try await Self.run(["up", directory]) }

    /// Makes it a standby, which can be read and not written to.
    func follow() async throws {
      try await down()
      try Data().write(to: URL(filePath: "\(directory)/data/standby.signal"))
      try await up()
    }

    /// A program that comes with the server.
    static func program(_ name: String) async throws -> URL {
      let output = Pipe()
      let find = try ChildProcess(script, ["find"], standardOutput: .pipe(output))
      let directory = await output.firstLine()
      guard await find.end() == 0 else { throw Failed(exitCode: 1) }
      return URL(filePath: directory).appending(path: name)
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Scripts/postgres")

    /// Calls the script.
    static func run(_ arguments: [String], standardError: ChildStream = .inherited) async throws {
      let exitCode = try await ChildProcess(script, arguments, standardError: standardError).end()
      guard exitCode == 0 else { throw Failed(exitCode: exitCode) }
    }
  }
#endif
