internal import AblyTokens
internal import GRDB

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The folder of a store, readable by its owner alone.
struct DataDirectory: Sendable {
  let path: String

  /// Makes the folder where it is missing.
  ///
  /// - Throws: 40000 when it cannot be made or is none.
  init(_ path: String) throws(ErrorInfo) {
    self.path = path
    if mkdir(path, 0o700) == 0 { return }
    guard errno == EEXIST else { throw unusable("it cannot be made: \(systemError())") }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw unusable("it is not a directory")
    }
  }

  func path(of name: String) -> String { "\(path)/\(name)" }

  func unusable(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .badRequest, "the data directory \(path) cannot be used: \(why)",
      remedy:
        "Give a directory that this user may write, or one that does not exist yet in a directory that does.")
  }

  private var file: String { path(of: "ably.sqlite") }

  /// Opens the file, and makes it where it is missing.
  ///
  /// - Throws: 40000 for a file that is damaged, of another program, or of a newer version.
  func openDatabase() throws(ErrorInfo) -> DatabaseQueue {
    do {
      if access(file, F_OK) != 0 { try makeFile() }
      try checkHeader()
      // Before SQLite makes its other files, which get the mode of this one.
      guard chmod(file, 0o600) == 0 else {
        throw unusable("\(file) cannot be kept private: \(systemError())")
      }
      return try openChecked()
    } catch let error as ErrorInfo {
      throw error
    } catch let error as DatabaseError {
      throw damaged("SQLite says \(error.resultCode) (\(error.message ?? "no more"))")
    } catch {
      throw unusable("\(error)")
    }
  }

  /// In one step by renaming, so that a file of that name says whose it is at any moment.
  private func makeFile() throws {
    let unfinished = path(of: "ably.sqlite.unfinished")
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(unfinished + suffix) }
    let descriptor = open(unfinished, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unusable("\(unfinished) cannot be made: \(systemError())") }
    close(descriptor)
    let database = try DatabaseQueue(path: unfinished)
    try database.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
    }
    try database.close()
    guard rename(unfinished, file) == 0 else { throw unusable("\(file) cannot be made: \(systemError())") }
    let folder = open(path, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Reads the first hundred bytes before SQLite touches the file: a foreign one stays as it is.
  private func checkHeader() throws(ErrorInfo) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unusable("\(file) cannot be read: \(systemError())") }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 100)
    let count = read(descriptor, &header, header.count)
    guard count == 100, header.starts(with: "SQLite format 3\0".utf8) else {
      throw damaged("it is not an SQLite database")
    }
    let applicationID = header[68..<72].reduce(Int32(0)) { $0 << 8 | Int32($1) }
    guard applicationID == Schema.applicationID else {
      throw ErrorInfo(
        .badRequest, "\(file) is a database of another program",
        remedy: "Give a directory of its own; this file was left as it is.")
    }
  }

  private func openChecked() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "ably-store"
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    let database = try DatabaseQueue(path: file, configuration: configuration)
    try database.writeWithoutTransaction { db in
      // After the opening, in which GRDB sets NORMAL: that would lose what was acknowledged before a power cut.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
      guard verdict == "ok" else { throw damaged(verdict ?? "it cannot be checked") }
      guard try !Schema.migrator.hasBeenSuperseded(db) else {
        throw ErrorInfo(
          .badRequest, "\(file) was written by a newer version of this program",
          remedy: "Use that version, or give another directory.")
      }
    }
    try Schema.migrator.migrate(database)
    return database
  }

  private func damaged(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .badRequest, "\(file) cannot be read: \(why)",
      remedy:
        "Restore it from a back-up together with its -wal file, or move it away to begin with nothing: then "
        + "its keys and revocations are gone, and requests that were exchanged can be exchanged again until they "
        + "expire.")
  }
}
