#if Postgres
  /// What is at fault where a node cannot begin with PostgreSQL, and the first thing to do about it.
  enum StartFault: Hashable, Sendable {
    case unreachable
    /// It runs, and takes nobody yet or any more.
    case notReady
    case full
    /// The user, the password, the database, or where they come from.
    case login
    case encryption
    /// The user may not make what a node needs.
    case rights
    /// The user may not even use the schema.
    case closedSchema
    /// In the schema stands something else, or only a part of what belongs there.
    case foreignSchema
    /// Something else that PostgreSQL says no to.
    case other

    init(_ failure: PostgresFailure) {
      self = failure.state.isEmpty ? Self.connecting(failure.text) : Self.answering(failure.state)
    }

    private static func answering(_ state: String) -> Self {
      switch state {
      case "42501": .rights
      case "3F000": .closedSchema
      case "42P01", "42P07", "42703", "42704", "42710", "42723", "42804", "42809", "23502": .foreignSchema
      default: state.hasPrefix("57P") ? .notReady : .other
      }
    }

    /// Of a connection that fails libpq gives no state, but words: they are looked at here and nowhere else.
    private static func connecting(_ text: String) -> Self {
      // Without what is quoted: names of hosts, users and files may hold any word.
      let words = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .map { $0 % 2 == 0 ? String($1) : "" }.joined()
      func says(_ phrases: String...) -> Bool { phrases.contains(where: { words.contains($0) }) }
      if says(
        "certificate", "private key", "sslmode", "SSL error", "SSL was required", "SSL context",
        "SSL connection")
      {
        return .encryption
      }
      if says("the database system is ") { return .notReady }
      if says("too many clients", "connection slots", "too many connections") { return .full }
      return says("FATAL:", "fe_sendauth") ? .login : .unreachable
    }

    /// Whether PostgreSQL is out of reach, and may be within it later.
    var isOutOfReach: Bool { self == .unreachable || self == .notReady }

    /// What happened, where PostgreSQL's own words, `line`, do not say it.
    func message(_ line: String, schema: String) -> String {
      switch self {
      case .closedSchema: "the user may not use the schema \(schema), which is there already"
      case .foreignSchema:
        "the schema \(schema) holds something else, or only a part of what it should: \(line)"
      default: line
      }
    }

    /// The first thing to do.
    func remedy(schema: String) -> String {
      switch self {
      case .unreachable:
        "Check the host and the port in the URL, and whether PostgreSQL runs there: psql takes the same text."
      case .notReady: "Wait until PostgreSQL takes connections, then start the node again."
      case .full: "Raise max_connections in PostgreSQL, or end what uses them: a node takes up to ten."
      case .login:
        "Check the user, the password and the database in the URL: psql takes the same text. A file of passwords "
          + "counts only where nobody else may read it (chmod 600)."
      case .encryption:
        "Check sslmode, sslrootcert, sslcert and sslkey in the URL, and the files they name: psql takes the same text."
      case .rights:
        "Let who runs PostgreSQL give this user CREATE on the database, and make it the owner of the schema \(schema) "
          + "where that is there already."
      case .closedSchema:
        "Make this user the owner of the schema (ALTER SCHEMA \(schema) OWNER TO …), or name another database in the URL."
      case .foreignSchema:
        "Name another database in the URL, or move what is not a node's out of the way (ALTER SCHEMA \(schema) RENAME "
          + "TO …). What a back-up holds is put back whole."
      case .other: "Look up what PostgreSQL says; psql takes the same text as the URL."
      }
    }
  }
#endif
