internal import AblyService
internal import AblyTokens

extension LogConformance {
  static let memberChecks = [
    LogConformance("members enter, change and leave, and who leaves without a word has the last one") { log in
      _ = try await log.begin(by: "node", at: start)
      _ = try await log.append(
        [
          member("one", of: "c"), member("two", of: "c"), member("{}", of: "c", leaves: true, isBare: true),
          member("{}", of: "c", leaves: true), member("three", of: "c"),
          member("bye", of: "c", leaves: true),
        ], by: "node", at: start)
      let told = try await notes(log)
      try StoreViolation.unless(
        told == ["enter one", "update two", "leave two", "enter three", "leave bye"], "changes: \(told)")
    },
    LogConformance("a node that joins knows who is there, and the latest events") { log in
      _ = try await log.begin(by: "one", at: start)
      _ = try await log.append(
        [
          member("one", of: "c"), member("two", of: "c"), member("other", of: "d", mark("02")), message("m"),
          member("{}", of: "d", mark("02"), leaves: true),
        ], by: "one", at: start)
      let beginning = try await log.begin(by: "two", at: start)
      try StoreViolation.unless(beginning.members.map(\.payload) == ["two"], "one member as it is")
      try StoreViolation.unless(beginning.members.map(\.connection) == ["c"], "and its connection")
      try StoreViolation.unless(
        beginning.tail.map(\.payload) == ["one", "two", "other", "m", "{}"],
        "all events, of which there are few")
      try StoreViolation.unless(beginning.before == .start, "nothing before them")
      try StoreViolation.unless(beginning.position == beginning.tail.last?.position, "up to the last")
    },
    LogConformance("members go with their channel or their connection, and with nobody else's") { log in
      _ = try await log.begin(by: "node", at: start)
      var elsewhere = member("elsewhere", of: "c", mark("03"))
      elsewhere.room = mark("0b")
      _ = try await log.append(
        [member("c", of: "c"), member("d", of: "d", mark("02")), elsewhere], by: "node", at: start)
      for kind in [LogEntry.Kind.withdrawal, .detached, .ended] {
        _ = try await log.append([about(kind, "c")], by: "another", at: start)
      }
      var told = try await notes(log)
      try StoreViolation.unless(told == ["enter c", "enter d"], "no other node has a say: \(told)")
      _ = try await log.append([about(.withdrawal, "c")], by: "node", at: start)
      told = try await notes(log)
      try StoreViolation.unless(
        told == ["enter c", "enter d", "gone c"], "the member of that channel is gone")
      var members = try await log.begin(by: "node", at: start).members.map(\.payload).sorted()
      try StoreViolation.unless(members == ["d", "elsewhere"], "and the others are there")
      _ = try await log.append([about(.ended, "c")], by: "node", at: start)
      members = try await log.begin(by: "node", at: start).members.map(\.payload)
      try StoreViolation.unless(members == ["d"], "with the connection all of its members go")
    },
  ]

  static let connectionChecks = [
    LogConformance("a connection moves with what it has attached, and its node has no say any more") { log in
      _ = try await log.begin(by: "one", at: start)
      var attached = about(.attached, "c")
      attached.payload = "early terms"
      var changed = attached
      changed.payload = "terms"
      _ = try await log.append(
        [about(.opened, "c"), attached, changed, member("here", of: "c")], by: "one", at: start)
      guard let taking = try await log.take("c", by: "two", at: start) else {
        throw StoreViolation(expectation: "the connection", location: #fileID)
      }
      let terms = LogTaking.Attachment(app: "app", channel: "channel", terms: "terms")
      try StoreViolation.unless(taking.attachments == [terms], "its channel, with the latest terms")
      let receipts = try await log.append(
        [member("late", of: "c"), about(.ended, "c")], by: "one", at: start)
      try StoreViolation.unless(receipts[0] == LogReceipt(nil, note: LogReceipt.moved), "it has moved")
      let again = try await log.take("c", by: "one", at: start)
      try StoreViolation.unless(again?.attachments == [terms], "it moves back as it was")
      try StoreViolation.unless(
        again.map { $0.position > taking.position } == true, "each move has a place of its own")
      let told = try await notes(log)
      try StoreViolation.unless(told == ["enter here"], "its member stays: \(told)")
      let tail = try await log.begin(by: "three", at: start).tail
      try StoreViolation.unless(
        tail.filter { $0.kind == .taken }.map(\.payload) == ["two", "one"], "all nodes are told")
    },
    LogConformance("a connection that is over, or never was, does not move") { log in
      _ = try await log.begin(by: "one", at: start)
      var other = about(.attached, "d")
      other.room = mark("0b")
      _ = try await log.append(
        [about(.opened, "c"), about(.opened, "d"), about(.attached, "d"), other, about(.ended, "c")],
        by: "one", at: start)
      let over = try await log.take("c", by: "two", at: start)
      try StoreViolation.unless(over == nil, "it is over")
      let never = try await log.take("x", by: "two", at: start)
      try StoreViolation.unless(never == nil, "it never was")
      _ = try await log.append([about(.detached, "d")], by: "one", at: start)
      let left = try await log.take("d", by: "two", at: start)
      try StoreViolation.unless(left?.attachments.count == 1, "a channel that it left is not its any more")
    },
    LogConformance("who has a channel attached is counted by modes, on nodes that live") { log in
      _ = try await log.begin(by: "one", at: start)
      _ = try await log.begin(by: "two", at: start)
      func attached(_ connection: String, _ modes: Int, in room: String = room) -> LogEntry {
        var entry = about(.attached, connection)
        entry.room = room
        entry.payload = #"{"modes":\#(modes)}"#
        return entry
      }
      _ = try await log.append(
        [attached("a", 3), attached("b", 3), attached("c", 5), attached("d", 3, in: mark("0b"))], by: "one",
        at: start)
      _ = try await log.append([attached("e", 3), attached("e", 7)], by: "two", at: start)
      let (elsewhere, here) = (
        try await log.occupants(of: room, besides: "two"), try await log.occupants(of: room, besides: "one")
      )
      try StoreViolation.unless(elsewhere == [3: 2, 5: 1], "those of the other node: \(elsewhere)")
      try StoreViolation.unless(here == [7: 1], "with the latest modes: \(here)")
      _ = try await log.append([about(.detached, "a"), about(.ended, "b")], by: "one", at: start)
      let left = try await log.occupants(of: room, besides: "two")
      try StoreViolation.unless(left == [5: 1], "who left is not counted: \(left)")
    },
  ]
}
