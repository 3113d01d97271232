#if Postgres
  internal import AblyService
  internal import AblyTokens

  /// What PostgreSQL or the way to it said.
  struct PostgresFailure: Error {
    /// The five characters of SQLSTATE, empty where the server did not speak.
    let state: String
    let text: String
    /// Whether the connection is of no use any more.
    var isBroken = true

    /// The table has no room for that bucket, or just lost it.
    var isMissingPartition: Bool { ["23514", "42P01", "XX000", "55000"].contains(state) }

    /// Somebody else has locked it for longer than was to be waited.
    var isLocked: Bool { state == "55P03" }

    /// What was to be stored is at fault, and will be the next time.
    var isOfTheData: Bool { ["22", "23", "54"].contains { state.hasPrefix($0) } }

    /// What a caller is told. The words of the server and of libpq name hosts, users and values: they are not for
    /// everybody who sends a request.
    var refusal: ErrorInfo {
      .storeUnavailable(
        state.isEmpty ? "there is no connection to PostgreSQL" : "PostgreSQL answers \(state)")
    }

    /// Its words, for those who run the node.
    var line: String {
      PeerText.line(text.split(separator: "\n").joined(separator: " "), maximumCount: 400)
    }
  }
#endif
