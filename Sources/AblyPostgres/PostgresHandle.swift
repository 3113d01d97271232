#if Postgres
  internal import AblyTokens
  internal import CLibPQ

  #if canImport(Darwin)
    internal import Darwin
  #elseif canImport(Glibc)
    internal import Glibc
  #elseif canImport(Musl)
    internal import Musl
  #endif

  /// libpq's connection and what belongs to it, for one at a time.
  struct PostgresHandle: ~Copyable {
    private let connection: OpaquePointer
    private var prepared: [String: String]

    /// How long the server may take to answer; `nil` for as long as it likes. It is longer than the server's own limit
    /// of a statement, which ends before a commit does, and does nothing for a server that hangs.
    var patience: Duration? = Self.usualPatience

    static let usualPatience: Duration = .seconds(7)

    init(_ settings: PostgresSettings) throws {
      prepared = [:]
      let keywords = CStrings(settings.parameters.map(\.name))
      let values = CStrings(settings.parameters.map(\.value.text))
      guard
        let connection = keywords.withPointers({ keywords in
          values.withPointers { values in PQconnectdbParams(keywords, values, 1) }
        })
      else { throw PostgresFailure(state: "", text: "libpq has no memory") }
      guard PQstatus(connection) == CONNECTION_OK else {
        defer { PQfinish(connection) }
        throw PostgresFailure(state: "", text: String(cString: PQerrorMessage(connection)))
      }
      self.connection = connection
      // Otherwise a server that takes nothing any more is waited for without an end.
      PQsetnonblocking(connection, 1)
      // It would print what the server remarks.
      PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    /// Which options stand in it, and what libpq says against it, but for what it quotes: that may be a password.
    static func options(of url: Secret) -> (names: Set<String>, complaint: String?) {
      var message: UnsafeMutablePointer<CChar>?
      let options = PQconninfoParse(url.text, &message)
      defer {
        PQconninfoFree(options)
        PQfreemem(message)
      }
      guard options == nil else { return (Set(values(of: options).keys), nil) }
      let parts = message.map { String(cString: $0) }?.split(
        separator: "\"", omittingEmptySubsequences: false)
      let complaint = (parts ?? ["it is not readable"]).enumerated()
        .map { $0 % 2 == 0 ? String($1) : "…" }.joined().split(separator: "\n").joined(separator: " ")
      return ([], complaint)
    }

    /// Whether the environment says which of several servers is taken.
    static var environmentChoosesSession: Bool {
      let options = PQconndefaults()
      defer { PQconninfoFree(options) }
      // What nobody says is "any".
      return values(of: options)["target_session_attrs"] ?? "any" != "any"
    }

    /// Those that have one, by their names.
    private static func values(of options: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String] {
      var values: [String: String] = [:]
      var next = options
      while let option = next?.pointee, let name = option.keyword {
        values[String(cString: name)] = option.val.map { String(cString: $0) }
        next = next?.successor()
      }
      return values
    }

    mutating func run(_ statement: String, _ parameters: [String?]) throws -> PostgresConnection.Answer {
      // What makes or ends something is said once; the rest comes again.
      if parameters.isEmpty, !statement.hasPrefix("SELECT") {
        return try answer(PQsendQueryParams(connection, statement, 0, nil, nil, nil, nil, 0))
      }
      let name = try prepare(statement)
      let values = CStrings(parameters)
      let isSent = values.withPointers { pointers in
        PQsendQueryPrepared(connection, name, Int32(parameters.count), pointers, nil, nil, 0)
      }
      return try answer(isSent)
    }

    private mutating func prepare(_ statement: String) throws -> String {
      if let name = prepared[statement] { return name }
      let name = "s\(prepared.count)"
      _ = try answer(PQsendPrepare(connection, name, statement, 0, nil))
      prepared[statement] = name
      return name
    }

    /// The answer to what was sent.
    private func answer(_ isSent: Int32) throws -> PostgresConnection.Answer {
      guard isSent == 1 else { throw failure() }
      let end = patience.map { ContinuousClock.now + $0 }
      try flush(until: end)
      var last: OpaquePointer?
      defer { PQclear(last) }
      while true {
        while PQisBusy(connection) == 1 { try wait(for: POLLIN, until: end) }
        // After the last there is none.
        guard let result = PQgetResult(connection) else { break }
        PQclear(last)
        last = result
      }
      guard let last else { throw failure() }
      return try answer(last)
    }

    private func flush(until end: ContinuousClock.Instant?) throws {
      while true {
        switch PQflush(connection) {
        case 0: return
        // What the server says meanwhile is read, or it would not read on either.
        case 1: try wait(for: POLLIN | POLLOUT, until: end)
        default: throw failure()
        }
      }
    }

    private func wait(for events: Int32, until end: ContinuousClock.Instant?) throws {
      var socket = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
      let rest = end.map { max(.zero, ContinuousClock.now.duration(to: $0)) }
      // Rounded up: what is over is found out by then.
      let milliseconds = rest.map { Int32($0 / .milliseconds(1)) + 1 } ?? -1
      let count = rest == .zero ? 0 : poll(&socket, 1, milliseconds)
      if count == 0 { throw PostgresFailure(state: "", text: "PostgreSQL does not answer") }
      if count > 0, Int32(socket.revents) & ~POLLOUT != 0, PQconsumeInput(connection) == 0 { throw failure() }
    }

    private func answer(_ result: OpaquePointer) throws -> PostgresConnection.Answer {
      let status = PQresultStatus(result)
      guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        throw failure(state: state ?? "")
      }
      let (rows, columns) = (PQntuples(result), PQnfields(result))
      return PostgresConnection.Answer(
        rows: (0..<rows).map { row in (0..<columns).map { Self.text(result, row, $0) } },
        changed: Int(String(cString: PQcmdTuples(result))) ?? 0)
    }

    private static func text(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> String? {
      guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else {
        return nil
      }
      return String(cString: value)
    }

    private func failure(state: String = "") -> PostgresFailure {
      PostgresFailure(
        state: state, text: String(cString: PQerrorMessage(connection)),
        isBroken: PQstatus(connection) != CONNECTION_OK)
    }

    var isAlive: Bool { PQconsumeInput(connection) == 1 && PQstatus(connection) == CONNECTION_OK }

    func hears(within milliseconds: Int32) throws -> Bool {
      // One may have come along with the answer to a statement.
      if takesNotifications() { return true }
      var socket = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
      _ = poll(&socket, 1, milliseconds)
      guard isAlive else { throw failure() }
      return takesNotifications()
    }

    private func takesNotifications() -> Bool {
      var heard = false
      while let notification = PQnotifies(connection) {
        heard = true
        PQfreemem(notification)
      }
      return heard
    }
  }
#endif
