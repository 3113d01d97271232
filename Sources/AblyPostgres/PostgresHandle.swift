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

    init(_ settings: PostgresSettings) throws {
      prepared = [:]
      let keywords = CStrings(settings.parameters.map(\.name))
      let values = CStrings(settings.parameters.map(\.value))
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
      // It would print what the server remarks.
      PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    /// What libpq says against it, but for what it quotes: that may be a password.
    static func complaint(about url: Secret) -> String? {
      // Otherwise it is the name of a database.
      guard url.text.contains("=") || url.text.contains("://") else { return nil }
      var message: UnsafeMutablePointer<CChar>?
      let options = PQconninfoParse(url.text, &message)
      defer {
        PQconninfoFree(options)
        PQfreemem(message)
      }
      guard options == nil else { return nil }
      let parts = message.map { String(cString: $0) }?.split(
        separator: "\"", omittingEmptySubsequences: false)
      return (parts ?? ["it is not readable"]).enumerated()
        .map { $0 % 2 == 0 ? String($1) : "…" }.joined().split(separator: "\n").joined(separator: " ")
    }

    mutating func run(_ statement: String, _ parameters: [String?]) throws -> PostgresConnection.Answer {
      // What makes or ends something is said once; the rest comes again.
      if parameters.isEmpty, !statement.hasPrefix("SELECT") {
        return try answer(PQexecParams(connection, statement, 0, nil, nil, nil, nil, 0))
      }
      let name = try prepare(statement)
      let values = CStrings(parameters)
      let result = values.withPointers { pointers in
        PQexecPrepared(connection, name, Int32(parameters.count), pointers, nil, nil, 0)
      }
      return try answer(result)
    }

    private mutating func prepare(_ statement: String) throws -> String {
      if let name = prepared[statement] { return name }
      let name = "s\(prepared.count)"
      _ = try answer(PQprepare(connection, name, statement, 0, nil))
      prepared[statement] = name
      return name
    }

    private func answer(_ result: OpaquePointer?) throws -> PostgresConnection.Answer {
      guard let result else { throw failure() }
      defer { PQclear(result) }
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
