internal import AblyService
internal import AblyTokens

extension StoreConformance {
  static let nonceChecks = [
    StoreConformance("a nonce is fresh once; with another nonce, timestamp or key it is another use") {
      store in
      let use = NonceUse(keyName: "a.k", timestamp: start, nonce: "n")
      try await expect(store, use, .fresh)
      try await expect(store, use, .seen)
      try await expect(store, NonceUse(keyName: "a.k", timestamp: start, nonce: "m"), .fresh)
      try await expect(store, NonceUse(keyName: "a.k", timestamp: start + 1, nonce: "n"), .fresh)
      try await expect(store, NonceUse(keyName: "a.l", timestamp: start, nonce: "n"), .fresh)
      try await expect(store, use, .seen)
    },
    StoreConformance("of many equal uses at one moment exactly one is fresh") { store in
      for round in 0..<8 {
        let use = NonceUse(keyName: "a.k", timestamp: start, nonce: "round \(round)")
        let verdicts = try await verdicts(store, (0..<64).map { _ in use })
        try StoreViolation.unless(verdicts.count { $0 == .fresh } == 1, "one of 64 is fresh")
        try StoreViolation.unless(verdicts.count { $0 == .seen } == 63, "63 of 64 are seen")
      }
    },
    StoreConformance("of many different uses at one moment all are fresh") { store in
      let uses = (0..<256).map { NonceUse(keyName: "a.k", timestamp: start + Int64($0 / 2), nonce: "\($0)") }
      let first = try await verdicts(store, uses)
      try StoreViolation.unless(first.allSatisfy { $0 == .fresh }, "all are fresh at first")
      let second = try await verdicts(store, uses)
      try StoreViolation.unless(second.allSatisfy { $0 == .seen }, "all are seen at the second time")
    },
    StoreConformance("no nonce is forgotten while its timestamp is accepted") { store in
      for (number, offset) in stride(from: Int64(-120_000), through: 120_000, by: 7919).enumerated() {
        let admitted = start + Int64(number) * 1_000_000
        let use = NonceUse(keyName: "a.k", timestamp: admitted + offset, nonce: "n")
        try await expect(store, use, .fresh, at: admitted)
        try await expect(store, use, .seen, at: use.expires)
      }
    },
    StoreConformance("a clock that is set back opens nothing that was used") { store in
      let early = NonceUse(keyName: "a.k", timestamp: start, nonce: "n")
      try await expect(store, early, .fresh)
      for hours: Int64 in [1, 30, 24 * 400] {
        let later = start + hours * 3_600_000
        try await expect(
          store, NonceUse(keyName: "a.k", timestamp: later, nonce: "\(hours)"), .fresh, at: later)
        let verdict = try await store.admit(early, at: start)
        try StoreViolation.unless(verdict != .fresh, "a use that was fresh is not fresh again")
      }
    },
    StoreConformance("no time traps") { store in
      for time in [Int64.min, -1, 0, 253_402_300_799_999, .max] {
        let use = NonceUse(keyName: "a.k", timestamp: time, nonce: "n")
        _ = try await store.admit(use, at: time)
        let verdict = try await store.admit(use, at: time)
        try StoreViolation.unless(verdict != .fresh, "at \(time) too a use is fresh once")
      }
    },
  ]

  static func expect(
    _ store: any ServiceStore, _ use: NonceUse, _ expected: NonceVerdict, at now: Int64 = start
  ) async throws {
    let verdict = try await store.admit(use, at: now)
    try StoreViolation.unless(
      verdict == expected, "the nonce of \(use.timestamp) ms is \(expected) at \(now) ms, not \(verdict)")
  }

  static func verdicts(_ store: any ServiceStore, _ uses: [NonceUse]) async throws -> [NonceVerdict] {
    try await withThrowingTaskGroup(of: NonceVerdict.self) { tasks in
      for use in uses { tasks.addTask { try await store.admit(use, at: start) } }
      return try await tasks.reduce(into: []) { $0.append($1) }
    }
  }
}
