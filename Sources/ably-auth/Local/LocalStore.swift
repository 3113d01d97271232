internal import AblySQLite
internal import AblyService
internal import AblyTokens

#if Postgres
  internal import AblyPostgres
#endif

/// What `local` keeps things in.
enum LocalStore {
  /// In a directory, in PostgreSQL, or in memory where neither is named.
  static func open(directory: String?, postgres: String?) async throws -> any ServiceStore {
    if let directory {
      try WrongUsage.unless { () throws(ErrorInfo) in try SQLiteStore.check(directory: directory) }
      return try SQLiteStore(directory: directory)
    }
    guard let postgres else { return MemoryStore() }
    #if Postgres
      return try await PostgresStore(url: postgres)
    #else
      _ = postgres
      throw WrongUsage(
        error: ErrorInfo(
          .badRequest, "this build of ably-auth has no PostgreSQL",
          remedy: "Install libpq-dev and build with: swift build --traits default,Postgres"))
    #endif
  }
}
