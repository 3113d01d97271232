#if Postgres
  package import AblyService

  extension PostgresStore: LogKeeper {
    /// What its nodes tell each other.
    package var log: (any SharedLog)? { sharedLog }
  }
#endif
