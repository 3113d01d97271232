internal import AblyService
internal import AblyTokens

extension StoreConformance {
  static let revocationChecks = [
    StoreConformance("a revocation is kept with all that belongs to it") { store in
      let targets = [
        "clientId:bob", "revocationKey:a:b:c", "channel:chat:é'\" \\ %", "clientId: ", "clientId:a\u{0}b",
      ]
      let revocations = try targets.enumerated().map { number, target in
        Revocation(
          keyName: "a.k", target: try RevocationTarget(target), issuedBefore: start - Int64(number),
          appliesAt: start + 30_000)
      }
      try await store.revoke(revocations, at: start)
      try await store.revoke([revocations[0]], at: start)
      let held = try await store.contents(at: start).revocations
      try StoreViolation.unless(
        held.count == revocations.count && Set(held) == Set(revocations),
        "each revocation once and as it was, not \(held)")
    },
    StoreConformance("a revocation is kept as long as it can matter") { store in
      let target = try RevocationTarget("clientId:bob")
      let postponed = Revocation(
        keyName: "a.k", target: target, issuedBefore: start, appliesAt: start + 30_000)
      try await store.revoke([postponed], at: start)
      let last = start + Revocation.longestLife - 1
      let late = Revocation(keyName: "a.k", target: target, issuedBefore: last, appliesAt: last)
      try await store.revoke([late], at: last)
      try await expect(store, toHold: [postponed, late], at: last)
      try await expect(store, toHold: [late], at: last + 1)
    },
    StoreConformance("a clock that ran an hour ahead has cost no revocation") { store in
      let target = try RevocationTarget("clientId:bob")
      let now = Revocation(keyName: "a.k", target: target, issuedBefore: start, appliesAt: start)
      let ahead = start + Revocation.longestLife
      let later = Revocation(keyName: "a.k", target: target, issuedBefore: ahead, appliesAt: ahead)
      try await store.revoke([now], at: start)
      try await store.revoke([later], at: ahead)
      try await expect(store, toHold: [now, later], at: start)
    },
    StoreConformance("revocations at one moment are all kept") { store in
      let revocations = try (0..<64).map { number in
        Revocation(
          keyName: "a.\(number % 4)", target: try RevocationTarget("clientId:\(number)"), issuedBefore: start,
          appliesAt: start)
      }
      try await withThrowingTaskGroup { tasks in
        for revocation in revocations { tasks.addTask { try await store.revoke([revocation], at: start) } }
        try await tasks.waitForAll()
      }
      try await expect(store, toHold: revocations, at: start)
    },
  ]

  static func expect(
    _ store: any ServiceStore, toHold revocations: [Revocation], at now: Int64
  ) async throws {
    let held = try await store.contents(at: now).revocations
    try StoreViolation.unless(
      Set(held) == Set(revocations), "the revocations \(revocations) at \(now) ms, not \(held)")
  }
}
