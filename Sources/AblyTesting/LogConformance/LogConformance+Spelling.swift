internal import AblyService
internal import AblyTokens

extension LogConformance {
  /// Two spellings of é, which `String` takes for one: as a scalar of its own, and as an e with an accent.
  private static let spellings = ["caf\u{E9}", "cafe\u{301}"]

  static let spellingChecks = [
    LogConformance("connections and nodes are told apart by the bytes of their ids") { log in
      for id in spellings { _ = try await log.begin(by: id, at: start) }
      for (id, byte) in zip(spellings, ["01", "02"]) {
        _ = try await log.append(
          [about(.opened, id), about(.attached, id), member("of \(byte)", of: id, mark(byte))], by: id,
          at: start)
      }
      let both = try await log.begin(by: "reader", at: start).members.map(\.payload).sorted()
      try StoreViolation.unless(both == ["of 01", "of 02"], "a member of each: \(both)")
      let foreign = try await log.append(
        [member("late", of: spellings[0], mark("03"))], by: spellings[1], at: start)
      try StoreViolation.unless(
        foreign[0] == LogReceipt(nil, note: LogReceipt.moved), "the other node has no say: \(foreign[0])")
      _ = try await log.append([about(.ended, spellings[0])], by: spellings[0], at: start)
      let left = try await log.begin(by: "reader", at: start).members
      try StoreViolation.unless(left.map(\.payload) == ["of 02"], "the other connection keeps its member")
      try StoreViolation.unless(
        left.allSatisfy { $0.connection.isSpelt(as: spellings[1]) }, "and its id as it was spelt")
      let over = try await log.take(spellings[0], by: "reader", at: start)
      try StoreViolation.unless(over == nil, "that one is over")
      let other = try await log.take(spellings[1], by: "reader", at: start)
      try StoreViolation.unless(other?.attachments.count == 1, "this one is not, and has its channel")
    },
    LogConformance("channels are told by the bytes of their names") { log in
      _ = try await log.begin(by: "node", at: start)
      for (name, byte) in zip(spellings, ["0a", "0b"]) {
        var entry = message("in \(byte)")
        (entry.channel, entry.room) = (name, mark(byte))
        var attached = about(.attached, "c")
        (attached.channel, attached.room) = (name, mark(byte))
        _ = try await log.append([entry, attached], by: "node", at: start)
      }
      let found = try await log.events(query())
      try StoreViolation.unless(found.map(\.payload) == ["in 0a"], "the one of this channel alone")
      try StoreViolation.unless(
        found.allSatisfy { $0.channel.isSpelt(as: spellings[0]) }, "with the name as it was spelt")
      let names = try await log.take("c", by: "another", at: start)?.attachments.map(\.channel) ?? []
      try StoreViolation.unless(
        names.count == 2 && spellings.allSatisfy { name in names.contains { $0.isSpelt(as: name) } },
        "both channels of a connection, each as it was spelt: \(names)")
    },
  ]
}
