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
      return try await StartFailure.unless { try SQLiteStore(directory: directory) }
    }
    guard let postgres else { return MemoryStore() }
    #if Postgres
      try WrongUsage.unless { () throws(ErrorInfo) in try PostgresStore.check(url: postgres) }
      do { return try await PostgresStore(url: postgres, report: Terminal.say) } catch {
        throw failure(error)
      }
    #else
      _ = postgres
      throw WrongUsage(
        error: ErrorInfo(
          .badRequest, "this build of ably-auth has no PostgreSQL",
          remedy: "Install libpq-dev and build with: swift build --traits default,Postgres"))
    #endif
  }

  #if Postgres
    /// What is wrong with PostgreSQL, or the way to it. It is not repeated here, as a request would be.
    private static func failure(_ error: ErrorInfo) -> StartFailure {
      guard error.code == .serverBusy else { return StartFailure(error) }
      var error = error
      error.message = error.message.replacing(
        "the service's store cannot be used now", with: "PostgreSQL cannot be used")
      error.remedy = error.remedy?.replacing("the URL", with: "--postgres")
      return StartFailure(error, exitCode: PostgresStore.isOutOfReach(error) ? 3 : 1)
    }
  #endif
}
