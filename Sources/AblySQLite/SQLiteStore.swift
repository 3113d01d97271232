public import AblyService
public import AblyTokens
internal import GRDB
internal import Synchronization

/// A store in a folder of this machine, for one service at a time.
///
/// What was acknowledged is on disk: it survives the end of the process and of the machine at any moment. Many
/// requests at one moment share one flush of the disk. The file is called `ably.sqlite`; it holds the secrets of
/// the keys and can be read by its owner alone.
///
/// When the disk is full, what has to be stored is refused (50004, status 503) until there is room again. After an
/// error of the disk itself everything that has to be stored is refused until a new start, because nobody can
/// say what the disk still holds of the last writes.
public final class SQLiteStore: ServiceStore, PromptStore {
  let database: DatabaseQueue
  let commits: CommitQueue
  let sweep: Locked<NonceSweep>
  private let lock: DirectoryLock

  /// Opens the store in a folder, and makes both where they are missing.
  ///
  /// - Throws: 40000 when the folder cannot be used, another process uses it, or its file is damaged, of another
  ///   program or of a newer version of this one. The error says which, and what to do; 50004 with status 503 when it
  ///   cannot be read.
  public init(directory: String) throws(ErrorInfo) {
    let directory = try DataDirectory(directory)
    lock = try DirectoryLock(directory)
    database = try directory.openDatabase()
    commits = CommitQueue(database)
    do { sweep = Locked(try database.read(Self.nonceSweep)) } catch { throw CommitQueue.unavailable(error) }
  }

  /// `false` after an error of the disk, until a new start.
  public var isUsable: Bool { commits.isUsable }

  /// Looks whether a path can be the folder of a store, and makes the folder where it is missing.
  ///
  /// - Throws: 40000 for one that is not there and cannot be made, or is no folder.
  public static func check(directory: String) throws(ErrorInfo) { _ = try DataDirectory(directory) }

  /// Finishes what is being written and lets another process use the folder.
  public func close() async {
    try? database.close()
    lock.release()
  }

  /// All keys, and the revocations that can still matter.
  ///
  /// - Throws: 50004 with status 503 when the file cannot be read.
  public func contents(at now: Int64) async throws(ErrorInfo) -> StoreContents {
    try await read { db in
      StoreContents(keys: try Self.keys(db), revocations: try Self.revocations(db, at: now))
    }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(ErrorInfo) -> Value {
    do { return try await database.read(body) } catch { throw CommitQueue.unavailable(error) }
  }
}
