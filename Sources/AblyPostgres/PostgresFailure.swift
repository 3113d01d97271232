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

    /// A row of that key is there already.
    var isDuplicate: Bool { state == "23505" }

    /// The table has no room for that bucket, or just lost it.
    var isMissingPartition: Bool { ["23514", "42P01", "XX000", "55000"].contains(state) }

    /// What was to be stored is at fault, and will be the next time.
    var isOfTheData: Bool { ["22", "23", "54"].contains { state.hasPrefix($0) } }

    /// What a caller is told. The server's own words may quote values, so of them only the state is shown.
    var refusal: ErrorInfo {
      let why =
        state.isEmpty
        ? PeerText.line(
          text.split(separator: "\n").first.map(String.init) ?? "no connection", maximumCount: 200)
        : "PostgreSQL answers \(state)"
      return .storeUnavailable(why)
    }
  }
#endif
