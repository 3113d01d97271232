#if Postgres
  internal import AblyService
  internal import AblyTokens

  extension LogEvent {
    /// What ``init(row:)`` reads, in its order.
    static let columns = "seq, at, kind, app, channel, connection, head, payload, extras, note"

    /// What ``weight`` is, of a row.
    static let weightInSQL =
      "256 + octet_length(head) + octet_length(payload) + coalesce(octet_length(extras), 0)"

    /// `nil` for what a newer version wrote.
    init?(row: [String?]) {
      guard row.count == 10, let position = LogPosition(row[0], row[1]),
        let kind = row[2].flatMap(Kind.init(rawValue:))
      else { return nil }
      self.init(position, kind)
      app = row[3] ?? ""
      channel = row[4] ?? ""
      connection = row[5] ?? ""
      head = row[6] ?? ""
      payload = row[7] ?? ""
      extras = row[8]
      note = row[9]
    }
  }

  extension LogPosition {
    init?(_ sequence: String?, _ time: String?) {
      guard let sequence = sequence.flatMap({ Int64($0) }), let time = time.flatMap({ Int64($0) }) else {
        return nil
      }
      self.init(sequence: sequence, time: time)
    }
  }

  extension LogEntry {
    /// As `append_log` takes it. No text in it holds a null: those that clients write are JSON texts themselves, in which
    /// it is escaped.
    func json(place: Int) -> JSONValue {
      var members: [String: JSONValue] = [
        "n": .number(JSONNumber(place)), "k": .string(kind.rawValue), "app": .string(app),
        "channel": .string(channel), "connection": .string(connection), "iseach": .bool(isEach),
        "leaves": .bool(leaves), "bare": .bool(isBare), "head": .string(head), "payload": .string(payload),
      ]
      if !room.isEmpty { members["room"] = .string("\\x" + room) }
      members["marks"] = .array(marks.map { .string("\\x" + $0) })
      members["extras"] = extras.map(JSONValue.string)
      return .object(members)
    }
  }
#endif
