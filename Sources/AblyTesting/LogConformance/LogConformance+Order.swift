internal import AblyService
internal import AblyTokens

extension LogConformance {
  static let orderChecks = [
    LogConformance("what is appended has places that rise, and is told in their order") { log in
      let (one, two) = (try await log.begin(by: "one", at: start), try await log.begin(by: "two", at: start))
      try StoreViolation.unless(one.log == two.log && one.secret == two.secret, "nodes know one log")
      try StoreViolation.unless(one.secret.count >= 16, "a secret of 16 bytes at least")
      let (told, telling) = AsyncStream.makeStream(of: [LogEvent].self)
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          defer { telling.finish() }
          try await log.follow(after: two.position) { telling.yield($0) }
        }
        for number in 0..<5 {
          let entries = [message("\(number) a"), message("\(number) b")]
          let receipts = try await log.append(entries, by: number % 2 == 0 ? "one" : "two", at: start)
          try StoreViolation.unless(receipts.count == 2, "a receipt for each entry")
        }
        var events: [LogEvent] = []
        for await some in told {
          events += some
          if events.count >= 10 { break }
        }
        tasks.cancelAll()
        try StoreViolation.unless(
          events.map(\.payload) == (0..<5).flatMap { ["\($0) a", "\($0) b"] }, "all of it, in its order")
        for (left, right) in zip(events, events.dropFirst()) {
          try StoreViolation.unless(
            left.position < right.position && left.position.time <= right.position.time, "places that rise")
        }
      }
    },
    LogConformance("a channel's events are found by their places, from either end") { log in
      _ = try await log.begin(by: "node", at: start)
      var elsewhere = message("elsewhere")
      elsewhere.room = mark("0b")
      for number in 0..<6 {
        _ = try await log.append([message("\(number)"), elsewhere], by: "node", at: start)
      }
      let all = try await log.events(query())
      try StoreViolation.unless(all.map(\.payload) == (0..<6).map(String.init), "the channel's, oldest first")
      let latest = try await log.events(query(backwards: true, limit: 2))
      try StoreViolation.unless(latest.map(\.payload) == ["4", "5"], "the latest two, oldest first")
      let some = try await log.events(
        query(limit: 2, sequences: all[1].position.sequence...all[4].position.sequence))
      try StoreViolation.unless(some.map(\.payload) == ["1", "2"], "the first two between places")
      let before = try await log.events(
        query(backwards: true, limit: 2, sequences: 0...all[4].position.sequence))
      try StoreViolation.unless(before.map(\.payload) == ["3", "4"], "the last two up to a place")
      let none = try await log.events(query(.presence))
      try StoreViolation.unless(none.isEmpty, "messages are no presence")
    },
    LogConformance("an answer ends with the event with which it takes more than it may") { log in
      _ = try await log.begin(by: "node", at: start)
      let texts = (0..<6).map { String(repeating: "\($0)", count: 1000) }
      for text in texts { _ = try await log.append([message(text)], by: "node", at: start) }
      let one = try await log.events(query()).first?.weight ?? 0
      try StoreViolation.unless(one > 1000, "an event that takes what stands in it: \(one)")
      for (most, count) in [(0, 1), (one - 1, 1), (one, 2), (3 * one, 4), (100 * one, 6)] {
        let first = try await log.events(query(maximumWeight: most)).map(\.payload)
        try StoreViolation.unless(first == Array(texts.prefix(count)), "the first \(count) for \(most) bytes")
        let latest = try await log.events(query(backwards: true, maximumWeight: most)).map(\.payload)
        try StoreViolation.unless(latest == Array(texts.suffix(count)), "the last \(count) for \(most) bytes")
      }
      let limited = try await log.events(query(limit: 2, maximumWeight: 3 * one))
      try StoreViolation.unless(limited.count == 2, "and with the limit, if that comes first")
    },
    LogConformance("texts stay as they are") { log in
      _ = try await log.begin(by: "node", at: start)
      let texts = [
        #"["\u0000 \"quoted\" \\ {braces}"]"#, "[\"\u{1F600} \u{E9} e\u{301} \u{2028}\"]", "[1.50, 1e5, -0]",
        "",
        "NULL", #"{"a":"\ud83d\ude00"}"#,
      ]
      for text in texts { _ = try await log.append([message(text)], by: "node", at: start) }
      let events = try await log.events(query())
      for (event, text) in zip(events, texts) {
        try StoreViolation.unless(
          event.payload.utf8.elementsEqual(text.utf8) && event.head == "base" && event.channel == "channel",
          "the text \(text)")
      }
    },
  ]

  static let repetitionChecks = [
    LogConformance("messages that were appended before are known by their marks, on every node") { log in
      _ = try await log.begin(by: "one", at: start)
      let first = try await log.append([message("a", [mark("01")])], by: "one", at: start)
      let again = try await log.append(
        [message("a", [mark("01")]), message("b", [mark("02")])], by: "two", at: start)
      try StoreViolation.unless(first[0] == again[0], "the receipt of the first time")
      try StoreViolation.unless(again[1] != again[0], "another one for another message")
      let payloads = try await log.events(query()).map(\.payload)
      try StoreViolation.unless(payloads == ["a", "b"], "each once")
    },
    LogConformance("of messages with a mark each, those that are new are appended") { log in
      _ = try await log.begin(by: "one", at: start)
      let both = [mark("01"), mark("02")]
      let first = try await log.append([message("ab", both, isEach: true)], by: "one", at: start)[0]
      let mixed = try await log.append(
        [message("bc", [mark("02"), mark("03")], isEach: true)], by: "one", at: start)[0]
      let none = try await log.append([message("ab", both, isEach: true)], by: "one", at: start)[0]
      let events = try await log.events(query())
      try StoreViolation.unless(events.map(\.payload) == ["ab", "bc"], "what is not new at all is not there")
      let old = "0:\(events[0].position.sequence):\(events[0].position.time):1"
      try StoreViolation.unless(events[1].note == old, "the one of two that was there before: \(old)")
      try StoreViolation.unless(
        mixed == LogReceipt(events[1].position, note: old), "the receipt says which was there before")
      let repeated = (0..<2).map { "\($0):\(events[0].position.sequence):\(events[0].position.time):\($0)" }
      try StoreViolation.unless(
        none == LogReceipt(nil, note: repeated.joined(separator: ",")), "all of them were there before")
      try StoreViolation.unless(first == LogReceipt(events[0].position, note: nil), "none was there before")
    },
  ]
}
