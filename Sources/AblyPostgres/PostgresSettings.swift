#if Postgres
  internal import AblyTokens

  /// Where the database is, and how each session begins.
  struct PostgresSettings: Sendable {
    /// The URL among them holds a password.
    let parameters: [(name: String, value: Secret)]
    let schema: String
    let statements = StatementCount()
    let reachability: Reachability

    /// How long a node waits for a notification before it looks for itself, in milliseconds.
    let silence: Int32

    /// So long that what a lost notification costs stays well below a second.
    static let usualSilence: Int32 = 250

    /// - Throws: 40000 for a schema that is not a plain lower-case name, and for a URL that says nothing or that libpq
    ///   cannot read.
    init(
      url: Secret, schema: String, silence: Int32 = usualSilence,
      report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(ErrorInfo) {
      guard !schema.isEmpty, schema.utf8.count <= 40, schema.first?.isLetter == true,
        schema.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
      else {
        throw ErrorInfo(
          .badRequest, "the schema's name is not plain",
          remedy: "Take a letter, then letters, digits and '_', all lower-case, at most 40.")
      }
      try Self.checkShape(of: url)
      let (options, complaint) = PostgresHandle.options(of: url)
      if let complaint {
        throw ErrorInfo(
          .badRequest, "libpq cannot read where PostgreSQL is: \(complaint)",
          remedy: "Look whether an option is misspelt. \(Self.shape)")
      }
      reachability = Reachability(report)
      self.schema = schema
      self.silence = silence
      // What stands later wins, so that the URL has the last word but for what is sent here being UTF-8. A peer that
      // vanished is noticed in seconds.
      var parameters = [
        ("connect_timeout", "5"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
        ("keepalives_count", "3"), ("tcp_user_timeout", "8000"), ("fallback_application_name", "ably-auth"),
      ]
      // A node writes: of several hosts it takes none that only follows another, unless somebody says otherwise. What a
      // service's file says would not be heard any more.
      if !options.contains("service"), !PostgresHandle.environmentChoosesSession {
        parameters.append(("target_session_attrs", "read-write"))
      }
      parameters += [("dbname", url.text), ("client_encoding", "UTF8")]
      self.parameters = parameters.map { (name: $0.0, value: Secret($0.1)) }
    }

    private static let shape = "Write postgres://user@host/database?option=value, or host=… user=… dbname=…."

    /// libpq takes any other text for the name of a database, and all the rest from its defaults: whoever wrote it by
    /// mistake would be at a database that nobody named.
    private static func checkShape(of url: Secret) throws(ErrorInfo) {
      guard !url.text.contains("="), !url.text.contains("://") else { return }
      guard url.text.contains(where: { !$0.isWhitespace }) else {
        throw ErrorInfo(
          .badRequest, "nothing says where PostgreSQL is: the text for it is empty",
          remedy: "Look whether a variable is not set. \(shape)")
      }
      // It is not repeated: it may be a password.
      throw ErrorInfo(
        .badRequest, "where PostgreSQL is has to be a URL, or pairs of name=value, and this is neither",
        remedy: shape)
    }

    /// Bounds each statement, and makes each commit durable whatever the server's default is.
    var session: [String] {
      [
        "SET statement_timeout = '5s'", "SET lock_timeout = '5s'",
        "SET idle_in_transaction_session_timeout = '10s'",
        "SET synchronous_commit = 'on'", "SET client_min_messages = warning", "SET search_path = \(schema)",
      ]
    }
  }
#endif
